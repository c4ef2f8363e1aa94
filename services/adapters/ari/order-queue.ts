/**
 * Keeps what is done to one leg in order, while legs do not wait for each other. A piece of work may stand in the queues
 * of two legs (joining them): it begins when it is first in both. Work must not reject.
 */
export class OrderQueue<Key> {
  private readonly tails = new Map<Key, Promise<void>>();

  run(keys: readonly Key[], work: () => Promise<void>): Promise<void> {
    const before = keys.map((key) => this.tails.get(key)).filter((tail) => tail !== undefined);
    const tail = Promise.all(before)
      .then(work)
      .finally(() => {
        for (const key of keys) if (this.tails.get(key) === tail) this.tails.delete(key);
      });
    for (const key of keys) this.tails.set(key, tail);
    return tail;
  }

  /** Resolves when what has been given until now is done. */
  async settled(): Promise<void> {
    await Promise.all(this.tails.values());
  }

  /** Legs with work that is waiting or under way. */
  get size(): number {
    return this.tails.size;
  }
}
