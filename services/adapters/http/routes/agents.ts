import type { AgentIntent } from '../../../events/events.ts';
import { type AgentId, asId } from '../../../events/ids.ts';
import type { Application } from '../../../runtime/application.ts';
import type { Person } from '../../../runtime/people-port.ts';
import { agentPathSchema, type SetAgentState, setAgentStateSchema } from '../contract/agents.ts';
import { roles } from '../contract/common.ts';
import { liveAgentSchema } from '../contract/live.ts';
import { fromEngine } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

/** Agents' states: one's own, or anyone's for leads and administrators. */
export function agentRoutes(application: Application, limits: HttpLimits): Route[] {
  const setState = route({
    method: 'put',
    path: '/api/v1/agents/{agent}/state',
    operationId: 'setAgentState',
    summary: "Make an agent available, not ready or signed out (agents: their own state; leads: anyone's)",
    tag: 'agents',
    access: roles,
    params: agentPathSchema,
    body: setAgentStateSchema,
    replies: { 200: { description: 'The agent as it is now', schema: liveAgentSchema } },
    refusals: ['unknown-agent', 'phone-unreachable', 'busy'],
    async handle({ res, params, body, visitor }) {
      const agent = asId<AgentId>(params.agent);
      requireOwnOrLead(visitor.person, agent);
      if (!application.centre.agents.has(agent)) throw unknownAgent(agent);
      const result = await fromEngine(
        application.command({
          kind: 'set-agent-state',
          agent,
          intent: intentOf(body),
          by: visitor.person.user,
        }),
        limits.answerMs,
      );
      if (!result.ok) {
        // Asked rightly, but it cannot be done as things stand: a conflict, except for an agent that is not there.
        const status = result.code === 'unknown-agent' ? 404 : 409;
        throw new Refusal(result.code, result.message, { status });
      }
      const now = application.live().agents.find((one) => one.agent === agent);
      if (now === undefined) throw unknownAgent(agent);
      res.json(now);
    },
  });
  return [setState];
}

function requireOwnOrLead(person: Person, agent: AgentId): void {
  if (person.role === 'agent' && person.agent !== agent) {
    throw new Refusal('not-allowed', 'Agents may change their own state only.');
  }
}

const unknownAgent = (agent: AgentId) =>
  new Refusal('unknown-agent', `Agent ${agent} is not in the centre's definition.`);

function intentOf(body: SetAgentState): AgentIntent {
  switch (body.state) {
    case 'available':
      return { kind: 'ready' };
    case 'not-ready':
      return { kind: 'not-ready', reason: body.reason ?? 'other' };
    case 'signed-out':
      return { kind: 'signed-out' };
    default:
      return body satisfies never;
  }
}
