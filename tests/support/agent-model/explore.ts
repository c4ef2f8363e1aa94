import { type Agent, reasonOf, stateOf } from '../../../services/agents/agent.ts';
import type { HotlineEvent } from '../../../services/events/events.ts';
import type { AgentId } from '../../../services/events/ids.ts';
import { brokenInvariants } from '../invariants.ts';
import { type Input, inputsIn, type Repertoire } from './inputs.ts';
import { type After, agents, firstMoment, follows, type Moment, nodeId, skillEnds } from './model.ts';

export type Step = {
  readonly before: Agent | undefined;
  readonly after: Agent | undefined;
  readonly agent: AgentId;
  /** As this agent sees it. */
  readonly input: string;
  readonly because: string | null;
};

export type Explored = {
  readonly worlds: number;
  readonly steps: number;
  /** Each broken rule once, with the shortest way to it. */
  readonly broken: readonly string[];
  /** Worlds from which there is no way back to rest, each as the shortest way to it. */
  readonly stuck: readonly string[];
};

type Node = { moment: Moment; from: Node | null; by: string; leadsTo: number[] };

/**
 * Breadth first through all worlds of the small centre, two being the same when they differ only in times and names: in each, everything
 * that may happen is told to the production engine. `onStep` is told what became of the agents that are told of in full.
 */
export function explore(repertoire: Repertoire, most: number, onStep: (step: Step) => void): Explored {
  // Whose certificate ends first makes a difference between them.
  const alike = repertoire.inFull.length === 0 && repertoire.skillsEnd === undefined;
  const key = (moment: Moment) => keyOf(moment, alike);
  const first: Node = {
    moment: firstMoment(repertoire.present),
    from: null,
    by: 'nothing has happened',
    leadsTo: [],
  };
  const nodes: Node[] = [first];
  const known = new Map<string, number>([[key(first.moment), 0]]);
  const broken = new Map<string, string>();
  let steps = 0;
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Node;
    for (const input of inputsIn(node.moment, repertoire)) {
      const after = follows(node.moment, input.happening);
      steps += 1;
      for (const agent of repertoire.watched) onStep(stepOf(node.moment, input, after, agent));
      const next: Node = {
        moment: after.moment,
        from: node,
        by: seenFrom(null, input),
        leadsTo: [],
      };
      for (const rule of rulesBroken(after)) if (!broken.has(rule)) broken.set(rule, wayTo(next));
      const afterKey = key(after.moment);
      let index = known.get(afterKey);
      if (index === undefined) {
        if (nodes.length >= most)
          throw new Error(`more than ${most} worlds can be reached: the model has to be smaller`);
        index = nodes.push(next) - 1;
        known.set(afterKey, index);
      }
      node.leadsTo.push(index);
    }
  }
  return {
    worlds: nodes.length,
    steps,
    broken: [...broken].map(([rule, way]) => `${rule}, after: ${way}`),
    stuck: withoutWayToRest(nodes).map(wayTo),
  };
}

function rulesBroken({ moment, events, bug }: After): string[] {
  const { world, today } = moment.state;
  const rules = brokenInvariants(world, today).map(withoutIds);
  if (bug !== null) rules.push(`a bug: ${withoutIds(String(bug))}`);
  for (const event of events)
    if (event.type === 'AgentRingRequested' && event.direct === undefined && hasLost(event.agent, moment))
      rules.push(`agent ${event.agent} is rung for a queue after the certificate for it has ended`);
  for (const agent of world.agents.values()) {
    const legs = [...world.legs.values()].filter((leg) => leg.role === 'agent' && leg.agent === agent.id);
    const up = legs.filter((leg) => leg.hangUpAttempts === 0);
    if (up.length > 1) rules.push(`agent ${agent.id} has ${up.length} legs`);
    if (
      stateOf(agent) === 'available' &&
      world.nodes.get(nodeId)?.lostAt != null &&
      world.nodes.get(nodeId)?.connected === false
    )
      rules.push(`agent ${agent.id} is available without a telephone system`);
  }
  return rules;
}

const withoutIds = (text: string): string => text.replace(/\b(visit|leg|bridge)-m\d+-\w+/g, '$1');

const wayTo = (node: Node): string => {
  const way: string[] = [];
  for (let at: Node | null = node; at?.from; at = at.from) way.unshift(at.by);
  return way.join(' → ');
};

/** Nobody calls, and nobody works. */
const atRest = ({ moment: { state } }: Node): boolean =>
  state.world.calls.size === 0 &&
  state.world.legs.size === 0 &&
  [...state.world.agents.values()].every(({ work }) => work.kind === 'none');

function withoutWayToRest(nodes: readonly Node[]): Node[] {
  const comesFrom: number[][] = nodes.map(() => []);
  nodes.forEach((node, from) => {
    for (const to of node.leadsTo) comesFrom[to]?.push(from);
  });
  const fine = new Set(nodes.keys().filter((i) => atRest(nodes[i] as Node)));
  for (const at of fine) for (const from of comesFrom[at] ?? []) fine.add(from);
  return nodes.filter((_, i) => !fine.has(i));
}

function stepOf(before: Moment, input: Input, { moment, events }: After, agent: AgentId): Step {
  const changes = events.filter(
    (event): event is Extract<HotlineEvent, { type: 'AgentStateChanged' }> =>
      event.type === 'AgentStateChanged' && event.agent === agent,
  );
  return {
    agent,
    before: before.state.world.agents.get(agent),
    after: moment.state.world.agents.get(agent),
    input: seenFrom(agent, input),
    because:
      changes.length === 0
        ? null
        : changes
            .map(({ work, because }) => (work.kind === 'ringing' ? 'rung for a caller' : because))
            .join('; '),
  };
}

/** What happens, as one agent sees it. */
function seenFrom(agent: AgentId | null, input: Input): string {
  if (input.agent !== null)
    return agent === null
      ? `${input.agent}: ${input.name}`
      : input.agent === agent
        ? input.name
        : `a colleague: ${input.name}`;
  const [, ofCaller] = /^caller (.*)$/.exec(input.name) ?? [];
  return ofCaller === undefined ? input.name : `a caller ${ofCaller}`;
}

/** A world without its times and names; with agents who are told of alike, without who is who. */
export function keyOf(moment: Moment, alike: boolean): string {
  const [subject, colleague] = agents;
  const key = keyWith(moment, [subject, colleague]);
  if (!alike) return key;
  const other = keyWith(moment, [colleague, subject]);
  const [least = key] = [key, other].sort();
  return least;
}

const hasLost = (agent: AgentId, { now }: Moment): boolean =>
  now >= (skillEnds.get(agent) ?? Number.POSITIVE_INFINITY);

function keyWith(moment: Moment, order: readonly AgentId[]): string {
  const { world } = moment.state;
  const nameOf = (agent: AgentId) => (agent === order[0] ? 'a' : 'b');
  const calls = [...world.calls.values()];
  const number = new Map(calls.map(({ id }, i) => [id as string, i]));
  const legs = [...world.legs.values()].map(
    (leg) =>
      `${number.get(leg.callId)} ${leg.role === 'agent' ? nameOf(leg.agent) : leg.role}${leg.hangUpAttempts > 0 ? ' ending' : ''}${leg.letGo ? ' as wished' : ''}`,
  );
  const link = world.nodes.get(nodeId);
  return JSON.stringify([
    order.map((id) => agentKey(world.agents.get(id)) + callNumber(world.agents.get(id), number)),
    agents.map((id) => hasLost(id, moment)),
    calls.map(({ stage, callerGone, legId, consult }) => [
      stage.kind,
      stage.kind === 'passing'
        ? [nameOf(stage.by), stage.attempt, stage.ring ? nameOf(stage.ring.agent) : null]
        : 0,
      consult?.party.kind === 'agent'
        ? [nameOf(consult.party.agent), consult.answeredAt !== null, consult.speaksWith]
        : 0,
      stage.kind === 'waiting' && stage.ring ? [nameOf(stage.ring.agent), stage.ring.rings === true] : 0,
      stage.kind === 'talking' ? [nameOf(stage.agent), stage.heldSince !== null, stage.heldByPhone] : 0,
      callerGone,
      world.legs.has(legId),
    ]),
    // Of legs that are being ended two stand for several: one that was let go, and one that was rung since.
    legs.sort().filter((leg, i) => leg !== legs[i - 2]),
    [...world.lines.values()].map((line) => line.map((visit) => number.get(visit.callId))),
    link && [link.connected, link.lostAt != null],
  ]);
}

const callNumber = (agent: Agent | undefined, number: ReadonlyMap<string, number>): string =>
  agent === undefined || agent.work.kind === 'none' ? '' : String(number.get(agent.work.callId));

const agentKey = (agent: Agent | undefined): string =>
  agent === undefined
    ? ''
    : `${stateOf(agent)} ${reasonOf(agent)} ${JSON.stringify(agent.intent)} ${agent.devices} ${Math.min(agent.missedRings, 3)}`;
