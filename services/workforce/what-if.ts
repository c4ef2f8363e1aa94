import { type AgentId, asId, type QueueId, type SkillId } from '../events/ids.ts';
import type { SkillLevel } from '../routing/skills.ts';
import type { Distribution } from './distribution.ts';
import type { KnownCaller, Scenario, SimulatedAgent, SimulatedQueue } from './scenario.ts';

/** A question: what if this were different? */
export type WhatIf = { readonly text: string; readonly apply: (scenario: Scenario) => Scenario };

export const whatIfUsage = `agents+5, agents-2, agents:billing+5     as many agents more (like those who are there, in turn) or less
skill:billing→1003, skill:billing=4→1003   agent 1003 learns a skill (level 3 if none is said), and joins the queues that ask for it
calls*1.2, calls:billing*1.2               as many times the calls
talk*0.9, wrap-up*0.5, patience*2          times as long; also for one queue: talk:billing*0.9`;

/** The question in the text. @throws {WhatIfError} when it is none; asking about what is not in the scenario throws on `apply`. */
export function whatIf(text: string): WhatIf {
  const agents = /^agents(?::([a-z0-9-]+?))?([+-]\d{1,5})$/.exec(text);
  if (agents) return { text, apply: (s) => withAgents(s, agents[1], Number(agents[2])) };
  const skill = /^skill:([a-z0-9-]+)(?:=([1-5]))?(?:→|->)(\d{3,8})$/.exec(text);
  if (skill) {
    const [, name = '', level = '3', agent = ''] = skill;
    return { text, apply: (s) => withSkill(s, asId(name), Number(level) as SkillLevel, asId(agent)) };
  }
  const factor = /^(calls|talk|wrap-up|patience)(?::([a-z0-9-]+))?\*(\d+(?:\.\d+)?)$/.exec(text);
  if (factor) {
    const [, what = '', queue, times = ''] = factor;
    return { text, apply: (s) => withFactor(s, what as Scaled, queue, Number(times)) };
  }
  throw new WhatIfError(`"${text}" is no question; ask one of\n${whatIfUsage}`);
}

/** The question cannot be asked, or not of this scenario. */
export class WhatIfError extends Error {
  override readonly name = 'WhatIfError';
}

function withAgents(scenario: Scenario, queue: string | undefined, more: number): Scenario {
  const concerned = (agent: SimulatedAgent) =>
    queue === undefined || agent.profile.queues.includes(known(scenario, queue));
  const like = scenario.agents.filter(concerned);
  if (like.length === 0 || like.length + more < 0)
    throw new WhatIfError(`there are ${like.length} agents${queue ? ` in ${queue}` : ''}; ${more} cannot be`);
  if (more < 0) {
    const leave = new Set(like.slice(more));
    return { ...scenario, agents: scenario.agents.filter((agent) => !leave.has(agent)) };
  }
  const added = Array.from({ length: more }, (_, n): SimulatedAgent => {
    const model = like[n % like.length] as SimulatedAgent;
    return { ...model, profile: { ...model.profile, id: asId(`more-${n + 1}`) } };
  });
  return { ...scenario, agents: [...scenario.agents, ...added] };
}

function withSkill(scenario: Scenario, skill: SkillId, level: SkillLevel, id: AgentId): Scenario {
  const asking = scenario.queues.flatMap(({ plan }) =>
    plan.preferred === skill ||
    [plan, ...plan.overflow.map(({ does }) => does)].some(
      (p) => 'needs' in p && p.needs.some((n) => n.skill === skill),
    )
      ? plan.queue
      : [],
  );
  if (asking.length === 0) throw new WhatIfError(`no queue asks for the skill "${skill}"`);
  if (!scenario.agents.some(({ profile }) => profile.id === id))
    throw new WhatIfError(`there is no agent ${id}`);
  return {
    ...scenario,
    agents: scenario.agents.map((agent) => {
      const { profile } = agent;
      if (profile.id !== id) return agent;
      const queues = [...new Set([...profile.queues, ...asking])];
      const certificates = [...profile.certificates, { skill, level, expiresAt: null }];
      return { ...agent, profile: { ...profile, queues, certificates } };
    }),
  };
}

type Scaled = 'calls' | 'talk' | 'wrap-up' | 'patience';

function withFactor(scenario: Scenario, what: Scaled, queue: string | undefined, times: number): Scenario {
  const only = queue === undefined ? null : known(scenario, queue);
  return {
    ...scenario,
    queues: scenario.queues.map((one) =>
      only === null || one.plan.queue === only ? scaled(one, what, times) : one,
    ),
  };
}

function scaled(queue: SimulatedQueue, what: Scaled, times: number): SimulatedQueue {
  switch (what) {
    case 'calls': {
      const { arrivals } = queue;
      if (arrivals.kind === 'given')
        throw new WhatIfError(
          `the calls of ${queue.plan.queue} come at given times: they cannot be multiplied`,
        );
      return {
        ...queue,
        arrivals: { ...arrivals, perInterval: arrivals.perInterval.map((calls) => calls * times) },
      };
    }
    case 'talk':
      return withCallers({ ...queue, talk: longer(queue.talk, times) }, ({ talkMs, ...caller }) => ({
        ...caller,
        talkMs: talkMs && Math.round(talkMs * times),
      }));
    case 'wrap-up':
      return withCallers({ ...queue, wrapUp: longer(queue.wrapUp, times) }, ({ wrapUpMs, ...caller }) => ({
        ...caller,
        wrapUpMs: wrapUpMs && Math.round(wrapUpMs * times),
      }));
    case 'patience':
      return withCallers(
        { ...queue, patience: queue.patience && longer(queue.patience, times) },
        ({ waitedMs, ...caller }) => ({ ...caller, waitedMs: Math.round(waitedMs * times) }),
      );
    default:
      return what satisfies never;
  }
}

/** Those of the records whose own times are known change as the others do. */
function withCallers(queue: SimulatedQueue, change: (caller: KnownCaller) => KnownCaller): SimulatedQueue {
  const { arrivals } = queue;
  if (arrivals.kind === 'expected' || !arrivals.callers) return queue;
  return { ...queue, arrivals: { ...arrivals, callers: arrivals.callers.map(change) } };
}

function longer(duration: Distribution, times: number): Distribution {
  switch (duration.kind) {
    case 'fixed':
      return { ...duration, ms: Math.round(duration.ms * times) };
    case 'exponential':
    case 'lognormal':
      return { ...duration, meanMs: duration.meanMs * times };
    case 'measured':
      return { ...duration, ms: duration.ms.map((ms) => Math.round(ms * times)) };
    default:
      return duration satisfies never;
  }
}

function known(scenario: Scenario, queue: string): QueueId {
  const found = scenario.queues.find(({ plan }) => plan.queue === queue);
  if (!found) throw new WhatIfError(`there is no queue "${queue}"`);
  return found.plan.queue;
}
