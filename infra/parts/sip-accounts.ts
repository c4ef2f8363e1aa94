import type { SipObject } from './asterisk-accounts.ts';
import type { SipObjectStore } from './asterisk-objects.ts';
import { PartError } from './part.ts';

const keyOf = ({ type, id }: SipObject): string => `${type} ${id}`;

/**
 * The SIP accounts Asterisk shall have, and those this run of Asterisk was given. Only differences are sent: a phone whose
 * account stays the same notices nothing.
 */
export class SipAccounts {
  readonly #store: SipObjectStore;
  #wanted: readonly SipObject[];
  #given = new Map<string, SipObject>();
  /** One piece of work at a time: Asterisk may come back from a crash while accounts are being changed. */
  #last: Promise<void> = Promise.resolve();

  constructor(store: SipObjectStore, wanted: readonly SipObject[]) {
    this.#store = store;
    this.#wanted = wanted;
  }

  /** Gives all accounts to an Asterisk that has just started and knows none. @throws {PartError} */
  settle(): Promise<void> {
    return this.#inTurn(async () => {
      this.#given = new Map();
      await this.#bring(this.#wanted);
    });
  }

  /**
   * Brings the running Asterisk to other accounts: new and changed objects first, then those that are no more.
   * @throws {PartError} when Asterisk does not take them all; then the former accounts stand.
   */
  change(wanted: readonly SipObject[]): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#bring(wanted);
      } catch (error) {
        await this.#takeBack(error);
        throw error;
      }
      this.#wanted = wanted;
    });
  }

  async #bring(wanted: readonly SipObject[]): Promise<void> {
    // One after another: Asterisk would serve them so anyway, and an endpoint needs its auth and aor to be there.
    for (const object of wanted) {
      const given = this.#given.get(keyOf(object));
      if (given && JSON.stringify(given) === JSON.stringify(object)) continue;
      await this.#store.put(object);
      this.#given.set(keyOf(object), object);
    }
    const keep = new Set(wanted.map(keyOf));
    for (const [key, object] of [...this.#given].reverse()) {
      if (keep.has(key)) continue;
      await this.#store.remove(object);
      this.#given.delete(key);
    }
  }

  async #takeBack(why: unknown): Promise<void> {
    try {
      await this.#bring(this.#wanted);
    } catch (error) {
      // An Asterisk that died takes the former accounts when it is back.
      throw new PartError(
        `${why instanceof Error ? why.message : why}; nor could the former accounts be brought back: ${error}`,
      );
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
