import type { CallCommand } from '../../../services/agents/call-commands.ts';
import { ringsOf } from '../../../services/calls/call.ts';
import { parseTimerId } from '../../../services/calls/timers.ts';
import type { World } from '../../../services/calls/world.ts';
import type { AgentIntent } from '../../../services/events/events.ts';
import { type AgentId, asId, type LegId, type TimerId } from '../../../services/events/ids.ts';
import type { LegEndReason } from '../../../services/events/vocabulary.ts';
import type { TelephonyFact } from '../../../services/runtime/telephony-port.ts';
import {
  agents,
  callsIn,
  type Happening,
  legOfAgent,
  type Moment,
  nodeId,
  queue,
  skillEnds,
} from './model.ts';

/** Something that may happen now. `agent`: whose phone, wish or timer it is; null: it is about callers or the telephone system. */
export type Input = {
  readonly name: string;
  readonly agent: AgentId | null;
  readonly happening: Happening;
};

const wishes: readonly (readonly [string, AgentIntent])[] = [
  ['ready', { kind: 'ready' }],
  ['not ready (break)', { kind: 'not-ready', reason: 'break' }],
  ['signed out', { kind: 'signed-out' }],
];
const endings: readonly LegEndReason[] = [
  'normal',
  'busy',
  'declined',
  'no-answer',
  'unreachable',
  'cancelled',
  'media-lost',
  'failed',
];
const orderFailures = ['gone', 'refused', 'timed-out', 'unavailable'] as const;
/** A leg that ended long ago, or never was: what is told of it comes late. */
const formerLeg = asId<LegId>('former-leg');

export type Repertoire = {
  /** Agents of whom everything is told; of the others only what makes room for them or takes it away. */
  readonly inFull: readonly AgentId[];
  /** Agents who are ready with a phone from the beginning. */
  readonly present: readonly AgentId[];
  /** Agents whose steps are of interest. */
  readonly watched: readonly AgentId[];
  /** Calls at a time. */
  readonly calls: number;
  /** Whether the telephone system and the controller may be lost, and come back. */
  readonly outages: boolean;
  /** Whether agents do with their calls what the desk offers: hold, pass on, ask the other one for advice, and so on. */
  readonly desk?: true;
  /** Whether Asterisk may leave it untold what became of an order to ring a phone; each such order leaves a leg that is to be ended. */
  readonly unheardRings?: false;
  /** Agents whose skill, which the queue needs, may end. */
  readonly skillsEnd?: readonly AgentId[];
};

/** Everything that may happen in this world. */
export function inputsIn({ state, now }: Moment, repertoire: Repertoire): Input[] {
  const { inFull, present, calls, outages, desk, skillsEnd = [] } = repertoire;
  const { world } = state;
  const inputs: Input[] = [];
  const fact = (name: string, agent: AgentId | null, ...told: TelephonyFact[]) =>
    inputs.push({
      name,
      agent,
      happening: { tells: (engine) => told.forEach(engine.fact) },
    });
  for (const agent of new Set([...inFull, ...present])) {
    const full = inFull.includes(agent);
    for (const [name, intent] of full ? wishes : []) {
      const by = (who: string): Happening => ({
        tells: (engine) => void engine.command({ kind: 'set-agent-state', agent, intent, by: who }),
      });
      inputs.push({ name: `asks for ${name}`, agent, happening: by(agent) });
      inputs.push({ name: `is set to ${name} by a lead`, agent, happening: by('lead') });
    }
    const hasPhone = (world.agents.get(agent)?.devices.length ?? 0) > 0;
    if (full || !hasPhone) fact('phone can be reached', agent, { kind: 'phones', agent, devices: ['sip'] });
    if (full || hasPhone) fact('phone cannot be reached', agent, { kind: 'phones', agent, devices: [] });
    if (desk) inputs.push(...deskOf(agent));
    const legId = legOfAgent(world, agent) ?? formerLeg;
    if (legId === formerLeg && !full) continue;
    if (full || repertoire.unheardRings === false) fact('phone rings', agent, { kind: 'leg-ringing', legId });
    fact('phone answers', agent, { kind: 'leg-answered', legId });
    if (desk)
      fact('presses the transfer key for the other', agent, {
        kind: 'transfer-asked',
        legId,
        to: { kind: 'number', number: agent === agents[0] ? agents[1] : agents[0] },
      });
    for (const reason of full ? endings : (['normal', 'failed'] as const))
      fact(`leg ends: ${reason}`, agent, { kind: 'leg-ended', legId, reason });
    if (!full) continue;
    fact('phone holds', agent, { kind: 'leg-held', legId });
    fact('phone resumes', agent, { kind: 'leg-resumed', legId });
    for (const order of ['ring-agent', 'connect', 'hang-up'] as const)
      for (const reason of orderFailures)
        fact(`order to ${order} fails: ${reason}`, agent, {
          kind: 'order-failed',
          order,
          legId,
          playbackId: null,
          reason,
          detail: 'model',
        });
  }
  const open = callsIn(world);
  if (world.nodes.get(nodeId)?.connected && world.calls.size < calls) {
    const legId = asId<LegId>(`caller-${[...world.calls.keys()].includes(asId('caller-1')) ? 2 : 1}`);
    fact('a caller comes', null, arrival(legId), { kind: 'leg-answered', legId });
  }
  for (const { legId } of open) {
    fact('caller hangs up', null, { kind: 'leg-ended', legId, reason: 'normal' });
    if (inFull.length > 0)
      fact('caller falls silent', null, { kind: 'leg-ended', legId, reason: 'media-lost' });
  }
  if (outages) inputs.push(...outagesIn(world));
  for (const agent of skillsEnd) {
    const until = skillEnds.get(agent);
    if (until !== undefined && now < until)
      inputs.push({ name: 'the certificate for the queue ends', agent, happening: { until } });
  }
  for (const timer of world.timers.keys())
    if (repertoire.unheardRings !== false || !isUnheardRing(world, timer))
      inputs.push(timerInput(world, timer));
  return inputs;
}

/** Every command there is, whether or not it makes sense now: most are refused in most worlds. */
function deskOf(agent: AgentId): Input[] {
  const [subject, colleague] = agents;
  const other = agent === subject ? colleague : subject;
  const reason = 'as it happens';
  const controls: readonly (readonly [string, CallCommand])[] = [
    ['puts the caller on hold', { agent, kind: 'hold', reason: 'checking', promisedMs: 30_000 }],
    ['takes the caller back', { agent, kind: 'resume' }],
    [
      'passes the caller on to the other',
      { agent, kind: 'transfer', to: { kind: 'agent', agent: other }, reason },
    ],
    ['passes the caller on to the queue', { agent, kind: 'transfer', to: { kind: 'queue', queue }, reason }],
    ['asks the other for advice', { agent, kind: 'consult', to: { kind: 'agent', agent: other }, reason }],
    ['turns to who waits', { agent, kind: 'swap' }],
    ['speaks with both', { agent, kind: 'conference' }],
    ['leaves the caller with the other', { agent, kind: 'complete-transfer' }],
    ['ends the advice', { agent, kind: 'end-consult' }],
    ['hangs up at the desk', { agent, kind: 'hang-up' }],
  ];
  const more = { kind: 'extend-wrap-up', agent, byMs: 5_000 } as const;
  return [
    ...controls.map(([name, control]) => ({ name, command: { kind: 'control-call', control } as const })),
    { name: 'asks for more wrap-up', command: more },
  ].map(({ name, command }) => ({
    name,
    agent,
    happening: { tells: (engine) => void engine.command({ ...command, by: agent }) },
  }));
}

function outagesIn(world: World): Input[] {
  const told = (name: string, fact: TelephonyFact): Input => ({
    name,
    agent: null,
    happening: { tells: (engine) => engine.fact(fact) },
  });
  const restarted: Input = {
    name: 'the controller is restarted',
    agent: null,
    happening: {
      tells: (engine, { calls }) =>
        engine.record({ type: 'ControllerStarted', instance: 'model', adoptedCalls: calls.size }),
    },
  };
  const lost = told('the telephone system is lost', { kind: 'node-down', nodeId, because: 'model' });
  if (world.nodes.get(nodeId)?.connected) return [lost, restarted];
  const back = (how: string, liveLegs: LegId[]) =>
    told(`the telephone system is back, ${how}`, { kind: 'node-up', nodeId, liveLegs });
  return [back('with all calls', [...world.legs.keys()]), back('without any call', []), lost, restarted];
}

/** A phone's ring time is up, of which nothing was ever heard. */
function isUnheardRing(world: World, timer: TimerId): boolean {
  const { kind, subject } = parseTimerId(timer);
  const rings = [...world.calls.values()].flatMap(({ stage }) => ringsOf(stage));
  return kind === 'ring' && rings.some(({ legId, rings: heard }) => legId === subject && !heard);
}

function timerInput(world: World, timer: TimerId): Input {
  const { kind, subject } = parseTimerId(timer);
  const leg = world.legs.get(asId<LegId>(subject));
  const agent = kind === 'wrap-up' ? asId<AgentId>(subject) : leg?.role === 'agent' ? leg.agent : null;
  return { name: `time is up: ${kind}`, agent, happening: { timer } };
}

const arrival = (legId: LegId): TelephonyFact => ({
  kind: 'arrived',
  nodeId,
  legId,
  source: 'trunk',
  callerNumber: '13800138000',
  dialledNumber: '95598',
  account: 'trunk',
  sipCallId: legId,
});
