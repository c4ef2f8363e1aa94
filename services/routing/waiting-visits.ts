import type { AgentId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { MaskedTree } from './masked-tree.ts';
import { marksOfClass, type ServiceClass, wordsOf } from './service-classes.ts';
import { servedFirst } from './serving-order.ts';
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

const anyMark = Uint32Array.of(1);

/** The visits that may be offered to agents, in serving order: those for whoever can, and those whose one agent is free. */
export class WaitingVisits {
  readonly #words: number;
  readonly #forAll: MaskedTree;
  readonly #forOne = new MaskedTree(1);
  readonly #items: (WaitingVisit | undefined)[] = [];
  readonly #marks = new Map<ServiceClass, Uint32Array>();

  constructor(words: number) {
    this.#words = words;
    this.#forAll = new MaskedTree(words);
  }

  /** Puts a visit where it belongs now, out of where it was. */
  put(waiting: WaitingVisit, place: WaitingVisit['place']): void {
    if (waiting.place === place) return;
    this.#takeOut(waiting);
    const { item, arrival, visit } = waiting;
    if (place === 'all')
      this.#forAll.add(item, arrival, visit.queuedAt, visit.visitId, this.#marksOf(waiting.class));
    else if (place === 'held') this.#forOne.add(item, arrival, visit.queuedAt, visit.visitId, anyMark);
    this.#items[item] = place === 'none' ? undefined : waiting;
    waiting.place = place;
  }

  /** Who is served first of those for whom somebody with these marks is free, and those whose own agent is. */
  first(freeMarks: Uint32Array): WaitingVisit | null {
    const forAll = this.#items[this.#forAll.firstWith(freeMarks)];
    const forOne = this.#items[this.#forOne.firstWithMark(0)];
    if (!forAll || !forOne) return forAll ?? forOne ?? null;
    return servedFirst(
      { ...forAll.visit, ageingMsPerPriority: forAll.ageingMsPerPriority },
      { ...forOne.visit, ageingMsPerPriority: forOne.ageingMsPerPriority },
    ) < 0
      ? forAll
      : forOne;
  }

  #takeOut({ item, place }: WaitingVisit): void {
    if (place === 'all') this.#forAll.remove(item);
    else if (place === 'held') this.#forOne.remove(item);
  }

  #marksOf(one: ServiceClass): Uint32Array {
    let marks = this.#marks.get(one);
    if (!marks) {
      marks = wordsOf(marksOfClass(one), this.#words);
      this.#marks.set(one, marks);
    }
    return marks;
  }
}
