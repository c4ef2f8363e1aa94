/**
 * A set of marks for each numbered item, all in one piece of memory: what an agent can do lies together, and is read without following
 * objects. Items are numbers from 1; one never told of has no marks.
 */
export class MarkSets {
  /** Marks are kept in so many words of 32. */
  readonly words: number;
  /** The words of item 1 begin at `words`, and so on; another array when there are more items. */
  data: Uint32Array;
  #capacity = 64;

  constructor(words: number) {
    this.words = words;
    this.data = new Uint32Array(this.#capacity * words);
  }

  /** From now on the item has these marks and no others. */
  replace(item: number, marks: Iterable<number>): void {
    this.#reserve(item);
    this.data.fill(0, item * this.words, (item + 1) * this.words);
    for (const mark of marks) this.mark(item, mark);
  }

  /** It has this one, too. */
  mark(item: number, mark: number): void {
    this.#reserve(item);
    const word = item * this.words + (mark >>> 5);
    this.data[word] = (this.data[word] as number) | (1 << (mark & 31));
  }

  /** Whether it has one of `count` marks from `first` on. */
  hasAny(item: number, first: number, count: number): boolean {
    const at = item * this.words;
    for (let mark = first; mark < first + count; mark++)
      if (((this.data[at + (mark >>> 5)] as number) & (1 << (mark & 31))) !== 0) return true;
    return false;
  }

  /** Adds `by` to the number of each mark that it has. */
  countInto(counts: Int32Array, item: number, by: number): void {
    const at = item * this.words;
    for (let w = 0; w < this.words; w++) {
      let marks = this.data[at + w] as number;
      while (marks !== 0) {
        const bit = 31 - Math.clz32(marks);
        marks ^= 1 << bit;
        counts[32 * w + bit] = (counts[32 * w + bit] as number) + by;
      }
    }
  }

  /** Adds its marks to a set of as many words. */
  uniteInto(target: Uint32Array, item: number): void {
    const at = item * this.words;
    for (let w = 0; w < this.words; w++) target[w] = (target[w] as number) | (this.data[at + w] as number);
  }

  /** The same sets, with room for more marks. */
  widened(words: number): MarkSets {
    const wider = new MarkSets(words);
    wider.#reserve(this.#capacity - 1);
    for (let item = 0; item < this.#capacity; item++)
      wider.data.set(this.data.subarray(item * this.words, (item + 1) * this.words), item * words);
    return wider;
  }

  #reserve(item: number): void {
    if (item < this.#capacity) return;
    while (item >= this.#capacity) this.#capacity *= 2;
    const before = this.data;
    this.data = new Uint32Array(this.#capacity * this.words);
    this.data.set(before);
  }
}
