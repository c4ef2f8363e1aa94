import type { HotlineEvent } from '../events/events.ts';
import { asId, type CallId, type EventId } from '../events/ids.ts';
import { after, type Instant } from '../events/instant.ts';
import type { AgentIntervalFold } from './fold-agent-interval.ts';

/** A piece of an agent's past that is told afterwards, with its end and its call. */
export type PastPiece = AgentIntervalFold & { endedAt: Instant; callId: CallId };

/**
 * What an event told by Asterisk's own account says of an agent's state: it rang, or was in a conversation, without us. null for
 * all other events: of what we did ourselves, `AgentStateChanged` tells.
 */
export function pastPieceOf(event: HotlineEvent): PastPiece | null {
  if (event.witness === undefined) return null;
  const shared = { intervalId: event.eventId, reason: null, endedAt: event.at } as const;
  switch (event.type) {
    case 'AgentRingEnded': {
      const { agent, callId, ringMs } = event;
      return { ...shared, agent, callId, state: 'ringing', startedAt: after(event.at, -ringMs) };
    }
    case 'ConversationEnded': {
      const { agent, callId, talkMs, holdMs } = event;
      return { ...shared, agent, callId, state: 'on-call', startedAt: after(event.at, -talkMs - holdMs) };
    }
    default:
      return null;
  }
}

/**
 * Puts a piece into an agent's intervals, given in any order: what was recorded for that time gives way, so that there is neither
 * gap nor overlap. Only work with another caller stays, and the piece gives way to it. An interval that reaches beyond the piece goes on behind
 * it under a name of its own. Intervals the piece does not touch are the same objects in the answer.
 */
export function spliceInterval(
  intervals: readonly AgentIntervalFold[],
  piece: PastPiece,
): AgentIntervalFold[] {
  const parts = without(
    piece,
    intervals.filter((one) => isWork(one) && one.callId !== piece.callId),
  );
  return parts.reduce<AgentIntervalFold[]>(put, [...intervals]);
}

const isWork = ({ state }: AgentIntervalFold): boolean =>
  state === 'ringing' || state === 'on-call' || state === 'on-hold';

/** The parts of the piece that none of these covers. */
function without(piece: PastPiece, covers: readonly AgentIntervalFold[]): PastPiece[] {
  let left: PastPiece[] = [piece];
  for (const cover of covers) {
    const [from, to] = [cover.startedAt, cover.endedAt ?? piece.endedAt];
    left = left.flatMap((part) => {
      if (from >= part.endedAt || to <= part.startedAt) return [part];
      return [
        { ...part, endedAt: from },
        { ...part, intervalId: nameBehind(cover, part), startedAt: to },
      ];
    });
  }
  return left.filter((part) => part.startedAt < part.endedAt);
}

function put(intervals: readonly AgentIntervalFold[], piece: PastPiece): AgentIntervalFold[] {
  const others = intervals.flatMap((one) => {
    const untouched =
      one.startedAt >= piece.endedAt || (one.endedAt !== null && one.endedAt <= piece.startedAt);
    if (untouched) return [one];
    const before = one.startedAt < piece.startedAt ? [{ ...one, endedAt: piece.startedAt }] : [];
    const goesOn = one.endedAt === null || one.endedAt > piece.endedAt;
    const behind = goesOn ? [{ ...one, intervalId: nameBehind(piece, one), startedAt: piece.endedAt }] : [];
    return [...before, ...behind];
  });
  return [...others, piece];
}

/** Unique: a piece cuts an interval once. */
const nameBehind = (cut: AgentIntervalFold, one: AgentIntervalFold): EventId =>
  asId(`${cut.intervalId}/${one.intervalId.split('/').at(-1)}`);
