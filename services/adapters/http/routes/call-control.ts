import type { CallCommand } from '../../../agents/call-commands.ts';
import { type AgentId, asId } from '../../../events/ids.ts';
import type { Application } from '../../../runtime/application.ts';
import type { CommandResult } from '../../../runtime/commands.ts';
import type { Person } from '../../../runtime/people-port.ts';
import { agentPathSchema } from '../contract/agents.ts';
import {
  type CallAction,
  type CallActionBody,
  callActionBodies,
  callActionRefusals,
  extendWrapUpSchema,
} from '../contract/call-control.ts';
import { roles } from '../contract/common.ts';
import { liveAgentSchema } from '../contract/live.ts';
import { fromEngine } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

type Sum = { [A in CallAction]: string };
const summaries: Sum = {
  hold: 'Put the caller on hold: they hear music',
  resume: 'Take the caller back from hold',
  transfer: 'Pass the caller on without waiting for an answer; if nobody answers, the caller comes back',
  consult: 'Ask a colleague, a queue or an outside number while the caller waits with music',
  swap: 'Speak with the one who waits, and let the other wait',
  conference: 'Let all three speak with each other',
  'complete-transfer': 'Leave the call; the caller stays with whoever was asked',
  'end-consult': 'Let go of whoever was asked, and take the caller back',
  dial: "Ring the agent's phone, then call an outside number, showing the hotline's number",
  'hang-up': "End the agent's call (leads: anyone's)",
};

/** What agents do with the call on their phone, and with the time after it. What is asked for happens when the live data says so. */
export function callControlRoutes(application: Application, limits: HttpLimits): Route[] {
  const ask = async (agent: AgentId, command: Parameters<Application['command']>[0]) => {
    if (!application.centre.agents.has(agent)) throw unknownAgent(agent);
    const result = await fromEngine(application.command(command), limits.answerMs);
    if (!result.ok) throw refusalOf(result);
    const now = application.live().agents.find((one) => one.agent === agent);
    if (now === undefined) throw unknownAgent(agent);
    return now;
  };

  const actions = (Object.keys(callActionBodies) as CallAction[]).map((action) =>
    route({
      method: 'post',
      path: `/api/v1/agents/{agent}/call/${action}`,
      operationId: `call-${action}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      summary: summaries[action],
      tag: 'agents',
      access: roles,
      params: agentPathSchema,
      body: callActionBodies[action],
      replies: { 200: { description: 'The agent as it is now', schema: liveAgentSchema } },
      refusals: [
        'unknown-agent',
        'phone-unreachable',
        'busy',
        ...callActionRefusals,
        ...(action === 'hold' ? (['reason-missing', 'promise-missing'] as const) : []),
        ...(action === 'transfer' || action === 'consult' ? (['reason-missing'] as const) : []),
        ...(action === 'dial' ? (['unknown-hotline'] as const) : []),
      ],
      async handle({ res, params, body, visitor }) {
        const agent = asId<AgentId>(params.agent);
        requireMay(visitor.person, agent, action);
        const control = controlOf(agent, action, body);
        res.json(await ask(agent, { kind: 'control-call', control, by: visitor.person.user }));
      },
    }),
  );

  const extend = route({
    method: 'post',
    path: '/api/v1/agents/{agent}/wrap-up/extend',
    operationId: 'extendWrapUp',
    summary: 'More time for the wrap-up that the agent is in',
    tag: 'agents',
    access: roles,
    params: agentPathSchema,
    body: extendWrapUpSchema,
    replies: { 200: { description: 'The agent as it is now', schema: liveAgentSchema } },
    refusals: ['unknown-agent', 'not-now', 'busy'],
    async handle({ res, params, body, visitor }) {
      const agent = asId<AgentId>(params.agent);
      if (visitor.person.role === 'agent' && visitor.person.agent !== agent) {
        throw new Refusal('not-allowed', 'Agents may extend their own wrap-up only.');
      }
      const { byMs } = body;
      res.json(await ask(agent, { kind: 'extend-wrap-up', agent, byMs, by: visitor.person.user }));
    },
  });
  return [...actions, extend];
}

/** Nobody but the agent speaks on the agent's phone; a lead may only end what has to end. */
function requireMay(person: Person, agent: AgentId, action: CallAction): void {
  if (person.agent === agent) return;
  if (action === 'hang-up' && person.role !== 'agent') return;
  throw new Refusal('not-allowed', 'This is for the agent whose call it is; leads may end a call.');
}

function controlOf(agent: AgentId, kind: CallAction, body: CallActionBody<CallAction>): CallCommand {
  switch (kind) {
    case 'transfer':
    case 'consult': {
      const { to, reason = '' } = body as CallActionBody<typeof kind>;
      if (reason === '') throw new Refusal('reason-missing', 'Say in `reason` why the caller is passed on.');
      switch (to.kind) {
        case 'agent':
          return { agent, kind, reason, to: { kind: 'agent', agent: asId(to.agent) } };
        case 'queue':
          return { agent, kind, reason, to: { kind: 'queue', queue: asId(to.queue) } };
        case 'outside':
          return { agent, kind, reason, to: { kind: 'outside', number: plain(to.number) } };
        default:
          return to satisfies never;
      }
    }
    case 'hold': {
      const { reason, promisedSeconds } = body as CallActionBody<typeof kind>;
      if (reason === undefined)
        throw new Refusal('reason-missing', 'Say in `reason` why the caller is put on hold.');
      if (promisedSeconds === undefined)
        throw new Refusal(
          'promise-missing',
          'Say in `promisedSeconds` how long the caller was told to wait.',
        );
      return { agent, kind, reason, promisedMs: promisedSeconds * 1000 };
    }
    case 'dial': {
      const { number, hotline } = body as CallActionBody<typeof kind>;
      return { agent, kind, number: plain(number), hotline: asId(hotline) };
    }
    default:
      return { agent, kind };
  }
}

/** As it is dialled: people write spaces and dashes. */
const plain = (number: string): string => number.replace(/[ -]/g, '');

const refusalOf = (result: CommandResult & { ok: false }) => new Refusal(result.code, result.message);

const unknownAgent = (agent: AgentId) =>
  new Refusal('unknown-agent', `Agent ${agent} is not in the centre's definition.`);
