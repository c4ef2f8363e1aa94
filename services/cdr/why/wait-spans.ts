import type { AgentId } from '../../events/ids.ts';
import type { Instant } from '../../events/instant.ts';
import type { AgentStateName, RingResult } from '../../events/vocabulary.ts';
import type { StaffCounts, WaitReason, WaitSpan } from './explanation.ts';
import { countsOf, howMany, staffOver, type Team } from './team.ts';

/** A phone that rang for the caller; `to` null: it rings now. */
export type RingOnRecord = {
  readonly from: Instant;
  readonly to: Instant | null;
  readonly agent: AgentId;
  readonly result: RingResult | null;
};

/** Who may serve the caller from a moment on; `waitsFor`: the router waits for the agent who helped this caller last. */
export type Segment = {
  readonly from: Instant;
  /** null: what the agents did is not on record. */
  readonly team: Team | null;
  readonly waitsFor: AgentId | null;
};

/** What passes within this is no reason of its own: an agent is free for a moment before a phone rings. */
const momentMs = 1_000;

/**
 * What a wait went by with, from `from` to `to` without a gap: phones that rang, and in between why none did.
 * @param segments the first begins at `from` or before
 */
export function waitSpans(
  from: Instant,
  to: Instant,
  rings: readonly RingOnRecord[],
  segments: readonly Segment[],
): WaitSpan[] {
  const spans: WaitSpan[] = [];
  let at = from;
  for (const group of ringsTogether(rings)) {
    const asked = clamp(group.from, at, to);
    // The router needs a moment from one phone to the next.
    const begins = asked - at < momentMs && spans.length > 0 ? at : asked;
    const ends = clamp(group.to ?? to, begins, to);
    if (begins > at) spans.push(...unrung(at, begins, segments));
    const { agents, result } = group;
    if (ends > begins || spans.length === 0)
      spans.push({ from: begins, to: ends, code: 'rung', agents, result });
    at = ends;
  }
  if (to > at || spans.length === 0) spans.push(...unrung(at, to, segments));
  return spans;
}

type Group = { from: Instant; to: Instant | null; agents: AgentId[]; result: RingResult | null };

/** Phones that rang at the same time count as one ring; it ended as the last of them did, or as the one that was answered. */
function ringsTogether(rings: readonly RingOnRecord[]): Group[] {
  const groups: Group[] = [];
  for (const ring of [...rings].sort((a, b) => a.from - b.from)) {
    const last = groups.at(-1);
    if (last && (last.to === null || ring.from < last.to)) {
      last.agents.push(ring.agent);
      if (last.result !== 'answered') last.result = ring.result;
      last.to = last.to === null || ring.to === null ? null : max(last.to, ring.to);
    } else groups.push({ from: ring.from, to: ring.to, agents: [ring.agent], result: ring.result });
  }
  return groups;
}

function unrung(from: Instant, to: Instant, segments: readonly Segment[]): WaitSpan[] {
  return segments.flatMap((segment, i) => {
    const begins = clamp(segment.from, from, to);
    const ends = clamp(segments[i + 1]?.from ?? to, from, to);
    // A wait of no length at all is told of by the segment it ended in.
    const empty = begins === ends && !(from === to && i === segments.length - 1);
    return empty ? [] : unrungIn(begins, ends, segment);
  });
}

function unrungIn(from: Instant, to: Instant, { team, waitsFor }: Segment): WaitSpan[] {
  if (waitsFor !== null) return [{ from, to, code: 'waits-for-last-agent', agent: waitsFor }];
  if (team === null) return [{ from, to, code: 'not-rung' }];
  const changes = staffOver(team, from, to);
  const pieces = changes.map((one, i) => ({
    ...one,
    to: changes[i + 1]?.from ?? to,
    code: codeOf(one.staff),
  }));
  return merged(pieces);
}

type Piece = { from: Instant; to: Instant; code: StaffCode; staff: readonly number[] };
type StaffCode = Extract<WaitReason, { staff: StaffCounts }>['code'];

function codeOf(staff: readonly number[]): StaffCode {
  if (howMany(staff, 'available') > 0) return 'others-first';
  return atWork.some((state) => howMany(staff, state) > 0) ? 'all-busy' : 'nobody-at-work';
}

/** Taking calls: who is not ready is signed in, but does not. */
const atWork = ['ringing', 'on-call', 'on-hold', 'wrapping-up'] as const satisfies AgentStateName[];

/** Pieces of one reason become one span, with the counts that stood longest; what lasted but a moment joins its neighbour. */
function merged(pieces: readonly Piece[]): WaitSpan[] {
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    const short = piece.to - piece.from < momentMs;
    if (last && (short || last[0]?.code === piece.code))
      last.push({ ...piece, code: last[0]?.code ?? piece.code });
    else groups.push([piece]);
  }
  // A moment at the very beginning belongs to what followed it.
  const [first, second] = groups;
  if (first && second && lengthOf(first) < momentMs) groups.splice(0, 2, [...first, ...second]);
  return groups.flatMap((group) => {
    const longest = group.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
    const [start, end] = [group[0], group.at(-1)];
    return start && end
      ? [{ from: start.from, to: end.to, code: longest.code, staff: countsOf(longest.staff) }]
      : [];
  });
}

const lengthOf = (group: readonly Piece[]): number => (group.at(-1)?.to ?? 0) - (group[0]?.from ?? 0);

const max = (a: Instant, b: Instant): Instant => (a > b ? a : b);
const clamp = (moment: Instant, low: Instant, high: Instant): Instant =>
  moment < low ? low : moment > high ? high : moment;
