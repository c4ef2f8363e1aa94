import type { AgentId, CallbackId, CallId, HotlineId, LegId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';

import { servedFirst } from '../routing/serving-order.ts';

/** One visit that waits in a queue. */
export type Waiting = {
  readonly visitId: VisitId;
  readonly callId: CallId;
  readonly legId: LegId;
  readonly queue: QueueId;
  readonly hotline: HotlineId;
  readonly priority: number;
  /** The place in line: for most, when they joined it. */
  readonly queuedAt: Instant;
  /** When they joined it, where that was later: who was passed on to this queue keeps the place of the first wait. */
  readonly joinedAt?: Instant;
  /** Whoever is to serve it must have all of these. */
  readonly skills: readonly string[];
  /** An agent's phone rings for it now: it keeps its place but is not offered to another. */
  readonly beingRung: boolean;
  /** How far its overflow has come, and why. */
  readonly step?: { readonly step: number; readonly because: string };
  /** Who helped this caller last, and until when the visit waits for that agent alone. */
  readonly lastAgent?: AgentId;
  readonly lastAgentUntil?: Instant;
  /** How much waiting a point of priority is worth; none: priority always wins. */
  readonly ageingMs?: number;
  /** A customer whom we called back, or are to call back. */
  readonly callback?: CallbackId;
};

/** So much waiting as a point of priority is worth where priority always wins: longer than anybody waits. */
export const strictlyByPriorityMs = 1e12;

/** The order in which callers are served, as the router has it (routing/serving-order.ts): higher priority first, then who came first. */
export function servedBefore(a: Waiting, b: Waiting): number {
  return servedFirst(
    { ...a, ageingMsPerPriority: a.ageingMs ?? strictlyByPriorityMs },
    { ...b, ageingMsPerPriority: b.ageingMs ?? strictlyByPriorityMs },
  );
}

/** Since when this visit waits, for the count of its wait. */
export const waitsSince = ({ joinedAt, queuedAt }: Waiting): Instant => joinedAt ?? queuedAt;

/** A queue's line, kept in serving order. */
export type Line = readonly Waiting[];

/** Joins the line at its place. */
export function join(line: Line, visit: Waiting): Line {
  let at = line.length;
  while (at > 0 && servedBefore(visit, line[at - 1] as Waiting) < 0) at--;
  return [...line.slice(0, at), visit, ...line.slice(at)];
}

export const leaveLine = (line: Line, visitId: VisitId): Line => line.filter((v) => v.visitId !== visitId);

/** Changes what is known of a visit, but not its place. */
export const changeVisit = (line: Line, visitId: VisitId, change: Partial<Waiting>): Line =>
  line.map((v) => (v.visitId === visitId ? { ...v, ...change } : v));

export const markRung = (line: Line, visitId: VisitId, beingRung: boolean): Line =>
  line.map((v) => (v.visitId === visitId ? { ...v, beingRung } : v));

/** 1 for the first in line; 0 when the visit is not in it. */
export const positionOf = (line: Line, visitId: VisitId): number =>
  line.findIndex((v) => v.visitId === visitId) + 1;
