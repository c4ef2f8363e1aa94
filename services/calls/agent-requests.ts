import { type Agent, newAgent } from '../agents/agent.ts';
import type { Command, CommandResult } from '../agents/commands.ts';
import type { AgentIntent, WrapUpEnded } from '../events/events.ts';
import type { AgentId } from '../events/ids.ts';
import { elapsedMs, type Instant } from '../events/instant.ts';
import type { Device } from '../events/vocabulary.ts';
import type { Turn } from './turn.ts';
import { allLost } from './world.ts';

/** A person asked for an agent's state, at the desk or by the API. */
export function setAgentState(
  turn: Turn,
  command: Extract<Command, { kind: 'set-agent-state' }>,
): CommandResult {
  const { agent, intent, by } = command;
  if (!turn.rules.centre.agents.has(agent))
    return { ok: false, code: 'unknown-agent', message: `there is no agent ${agent}` };
  applyIntent(
    turn,
    agent,
    intent,
    by === agent ? 'asked by the agent' : `asked by ${by}`,
    by === agent ? 'agent' : 'lead',
  );
  return { ok: true };
}

/**
 * Sets what the agent wants. Whoever is wrapping up has finished by choosing anything; during a ring or a call the
 * wish waits for its end. A wish to be ready also forgives missed rings.
 */
export function applyIntent(
  turn: Turn,
  id: AgentId,
  intent: AgentIntent,
  because: string,
  by: 'agent' | 'lead' = 'agent',
): void {
  const agent = turn.world.agents.get(id);
  if (agent?.work.kind === 'wrapping-up') {
    const why = by === 'lead' ? 'lead' : intent.kind === 'signed-out' ? 'signed-out' : 'agent-finished';
    recordWrapUp(turn, id, why);
    turn.changeAgent(id, { intent, work: { kind: 'none' }, missedRings: 0 }, because);
    return;
  }
  turn.changeAgent(id, { intent, missedRings: 0 }, because);
}

/** Over when its time was, also when nobody was there to notice. */
export function wrapUpIsOver(turn: Turn, id: AgentId): void {
  const work = turn.world.agents.get(id)?.work;
  if (work?.kind !== 'wrapping-up') return;
  turn.asOf(work.until, (then) => {
    recordWrapUp(then, id, 'time-is-up');
    then.changeAgent(id, { work: { kind: 'none' } }, 'wrap-up is over');
  });
}

export function recordWrapUp(turn: Turn, id: AgentId, because: WrapUpEnded['because']): void {
  const work = turn.world.agents.get(id)?.work;
  if (work?.kind !== 'wrapping-up') return;
  const wrapUpMs = elapsedMs(work.since, turn.now);
  turn.emit({
    type: 'WrapUpEnded',
    callId: work.callId,
    queue: work.queue,
    agent: id,
    handleMs: work.conversationMs + wrapUpMs,
    wrapUpMs,
    because,
  });
}

/** The set of an agent's phones that can be rung changed. */
export function phonesChanged(turn: Turn, id: AgentId, devices: readonly Device[]): void {
  if (!turn.rules.centre.agents.has(id)) return;
  // Nobody can ring it. What is so then is told again when a node is back.
  if (devices.length > 0 && allLost(turn.world)) return;
  const known = turn.world.agents.get(id) ?? newAgent(id, turn.now);
  if (devices.length === 0 && takenForSilent(known, turn.now)) {
    turn.changeAgent(id, { intent: { kind: 'ready' } }, 'the phone is not silent but gone');
    return;
  }
  const because = devices.length === 0 ? 'no phone can be reached' : `phone reachable: ${devices.join(', ')}`;
  if (JSON.stringify(known.devices) !== JSON.stringify(devices)) turn.changeAgent(id, { devices }, because);
}

/** By then a phone that fell silent has been asked whether it is there (look-again.ts: 4 s, and some for a busy Asterisk). */
const lookedAgainWithinMs = 15_000;

/** Not ready for want of sound (leg-ended.ts), and nothing was seen of the phone since. */
const takenForSilent = (agent: Agent, now: Instant): boolean =>
  agent.intent.kind === 'not-ready' &&
  agent.intent.reason === 'phone-silent' &&
  agent.devices.length === 0 &&
  elapsedMs(agent.since, now) <= lookedAgainWithinMs;
