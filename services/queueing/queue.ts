import type { CallbackId, CallId, HotlineId, LegId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';

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
  /** A customer whom we called back, or are to call back. */
  readonly callback?: CallbackId;
};

/** The order in which callers are served: higher priority first, then who came first. Ties by visit id, so that every run agrees. */
export function servedBefore(a: Waiting, b: Waiting): number {
  return b.priority - a.priority || a.queuedAt - b.queuedAt || (a.visitId < b.visitId ? -1 : 1);
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

export const markRung = (line: Line, visitId: VisitId, beingRung: boolean): Line =>
  line.map((v) => (v.visitId === visitId ? { ...v, beingRung } : v));

/** 1 for the first in line; 0 when the visit is not in it. */
export const positionOf = (line: Line, visitId: VisitId): number =>
  line.findIndex((v) => v.visitId === visitId) + 1;
