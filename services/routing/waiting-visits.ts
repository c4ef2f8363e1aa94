import type { AgentId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { Lines } from './lines.ts';
import type { ServiceClass } from './service-classes.ts';
import type { ServingPlan } from './serving-plan.ts';
import type { SkillNeed } from './skills.ts';

/** A visit as the router needs it. */
export type RoutingVisit = {
  readonly visitId: VisitId;
  readonly queue: QueueId;
  readonly queuedAt: Instant;
  readonly priority: number;
  /** How far its overflow has come, and why: from `stepOnJoining` and `stepAfter`. */
  readonly step: number;
  readonly stepBecause: string;
  /** The caller's own, such as a language; they stay at every step. */
  readonly needs: readonly SkillNeed[];
  /** Who helped this caller last, if that was recent enough to matter. */
  readonly lastAgent: AgentId | null;
};

/** A visit that waits, as the trees know it. */
export type WaitingVisit = {
  readonly item: number;
  readonly plan: ServingPlan;
  readonly ageingMsPerPriority: number;
  readonly arrival: number;
  visit: RoutingVisit;
  class: ServiceClass;
  /** False while a phone rings for it, or nothing can be done for it. */
  offered: boolean;
  /** Waits for this agent alone. */
  heldFor: AgentId | null;
  /** In which tree it is. */
  place: 'none' | 'all' | 'held';
};

/** The line of those who wait for one agent alone, who is free; then come the lines of the classes. */
const heldLine = 0;
const lineOf = ({ firstMark }: ServiceClass): number => 1 + firstMark;

/**
 * The visits that may be offered to agents, in serving order: for each class a line, and one for those whose one agent is free. Whom free
 * agents take next is the first of those lines that somebody free serves: there are never many, as otherwise they would have been taken.
 */
export class WaitingVisits {
  readonly #lines = new Lines();
  readonly #items: (WaitingVisit | undefined)[] = [];
  /** The marks of classes for which anybody waits. */
  readonly #wanted: Uint32Array;
  /** By mark. */
  readonly #lineWith: Int32Array;

  constructor(words: number) {
    this.#wanted = new Uint32Array(words);
    this.#lineWith = new Int32Array(words * 32);
  }

  /** Puts a visit where it belongs now, out of where it was. */
  put(waiting: WaitingVisit, place: WaitingVisit['place']): void {
    if (waiting.place === place) return;
    const { item, arrival, visit } = waiting;
    if (waiting.place !== 'none') this.#takeOut(waiting);
    if (place !== 'none') {
      const line = place === 'held' ? heldLine : lineOf(waiting.class);
      const isOnly = this.#lines.add(line, item, arrival, visit.queuedAt, visit.visitId);
      if (isOnly && line !== heldLine) this.#want(waiting.class, true);
    }
    this.#items[item] = place === 'none' ? undefined : waiting;
    waiting.place = place;
  }

  /** Who is served first of those for whom somebody with these marks is free, and those whose own agent is. */
  first(freeMarks: Uint32Array): WaitingVisit | null {
    let first = this.#lines.firstOf(heldLine);
    for (let w = 0; w < freeMarks.length; w++) {
      let marks = (this.#wanted[w] as number) & (freeMarks[w] as number);
      while (marks !== 0) {
        const mark = 31 - Math.clz32(marks);
        marks ^= 1 << mark;
        const other = this.#lines.firstOf(this.#lineWith[32 * w + mark] as number);
        if (first === 0 || this.#lines.before(other, first)) first = other;
      }
    }
    return this.#items[first] ?? null;
  }

  #takeOut(waiting: WaitingVisit): void {
    const isEmpty = this.#lines.remove(waiting.item);
    if (isEmpty && waiting.place === 'all') this.#want(waiting.class, false);
  }

  #want(one: ServiceClass, wanted: boolean): void {
    for (let mark = one.firstMark; mark < one.firstMark + one.tiers; mark++) {
      const word = mark >>> 5;
      const bit = 1 << (mark & 31);
      const before = this.#wanted[word] as number;
      this.#wanted[word] = wanted ? before | bit : before & ~bit;
      this.#lineWith[mark] = lineOf(one);
    }
  }
}
