import type { HotlineEvent } from '../../events/events.ts';

/** Beyond this the oldest are lost, counted and said: some 150 MB, a quarter of an hour of a very busy centre. */
const mostHeld = 200_000;

/** Events that the disk refuses, kept in memory in their order. */
export class HeldEvents {
  #events: HotlineEvent[] = [];
  /** The first ones of `#events` that are written already: taking them off one by one would copy the rest each time. */
  #written = 0;
  #lost = 0;
  readonly #most: number;

  constructor(most = mostHeld) {
    this.#most = most;
  }

  get size(): number {
    return this.#events.length - this.#written;
  }

  /** Events lost because there was no room even here. */
  get lost(): number {
    return this.#lost;
  }

  add(events: readonly HotlineEvent[]): void {
    for (const event of events) this.#events.push(event);
    if (this.size <= this.#most) return;
    // A hundredth at once, so that this costs little for each event.
    const drop = this.size - this.#most + Math.ceil(this.#most / 100);
    this.#lost += drop;
    this.#forget(drop);
  }

  /** The oldest, as many as that. */
  oldest(count: number): HotlineEvent[] {
    return this.#events.slice(this.#written, this.#written + count);
  }

  /** The oldest `count` are written. */
  written(count: number): void {
    this.#forget(count);
  }

  #forget(count: number): void {
    this.#written += count;
    if (this.#written < 10_000 && this.size > 0) return;
    this.#events = this.#events.slice(this.#written);
    this.#written = 0;
  }
}
