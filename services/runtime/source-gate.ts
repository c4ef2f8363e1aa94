import type { LookupSource } from '../ivr/lookups.ts';

type Limits = Pick<LookupSource, 'maxAtOnce' | 'failuresUntilRest' | 'restMs'>;

/**
 * The door to one source: lets in so many at once, and nobody for a while after the source has failed several times in a row. When the
 * rest is over one question goes ahead; the others follow when it was answered. Pure: `nowMs` is passed in.
 */
export class SourceGate {
  readonly #limits: Limits;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #failures = 0;
  #restsUntilMs: number | null = null;
  #oneGoesAhead = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Whether a question would be turned away now. */
  isClosed(nowMs: number): boolean {
    if (this.#restsUntilMs === null) return false;
    return nowMs < this.#restsUntilMs || this.#oneGoesAhead;
  }

  /** Calls `enter` when it is this question's turn, perhaps at once. @returns how to give up waiting */
  queue(enter: () => void): () => void {
    const go = () => {
      this.#inside += 1;
      if (this.#restsUntilMs !== null) this.#oneGoesAhead = true;
      enter();
    };
    if (this.#inside < this.#limits.maxAtOnce) {
      go();
      return () => undefined;
    }
    this.#waiting.push(go);
    return () => {
      const at = this.#waiting.indexOf(go);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
  }

  /** One that entered is done. @returns whether the source rests from now on, or is back, or null when nothing changed */
  leave(sourceAnswered: boolean, nowMs: number): 'rests' | 'is-back' | null {
    this.#inside -= 1;
    const change = sourceAnswered ? this.#noteAnswer() : this.#noteFailure(nowMs);
    this.#waiting.shift()?.();
    return change;
  }

  #noteAnswer(): 'is-back' | null {
    this.#failures = 0;
    this.#oneGoesAhead = false;
    if (this.#restsUntilMs === null) return null;
    this.#restsUntilMs = null;
    return 'is-back';
  }

  #noteFailure(nowMs: number): 'rests' | null {
    this.#failures += 1;
    this.#oneGoesAhead = false;
    if (this.#failures < this.#limits.failuresUntilRest) return null;
    const before = this.#restsUntilMs;
    this.#restsUntilMs = nowMs + this.#limits.restMs;
    return before === null ? 'rests' : null;
  }
}
