/**
 * Numbered lines of numbered items, each item in one line at most; the first of a line is known at once, joining and leaving cost
 * O(log n) of that line's own length: binary heaps that know where each item stands. Who joins last mostly comes last, which costs next to nothing.
 *
 * Items are numbers from 1; 0 stands for none. Order: first key, second key, name. One owner changes it in place.
 */
export class Lines {
  readonly #lines: number[][] = [];
  #capacity = 64;
  /** Two for each item. */
  #keys = new Float64Array(this.#capacity * 2);
  readonly #names: string[] = [''];
  /** Of each item: its line (counted from 1, 0 for none) and where it stands in it. */
  #places = new Int32Array(this.#capacity * 2);

  /** Puts an item, which is in no line, into one. @returns whether it is the only one there */
  add(line: number, item: number, first: number, second: number, name: string): boolean {
    this.#reserve(item);
    this.#keys[2 * item] = first;
    this.#keys[2 * item + 1] = second;
    this.#names[item] = name;
    this.#places[2 * item] = line + 1;
    const heap = this.#line(line);
    heap.push(item);
    this.#rise(heap, heap.length - 1, item);
    return heap.length === 1;
  }

  /** Takes an item out of the line it is in. @returns whether nobody is left there */
  remove(item: number): boolean {
    const heap = this.#line((this.#places[2 * item] as number) - 1);
    this.#places[2 * item] = 0;
    const last = heap.pop() as number;
    if (last !== item) {
      const hole = this.#places[2 * item + 1] as number;
      if (hole > 0 && this.before(last, heap[(hole - 1) >> 1] as number)) this.#rise(heap, hole, last);
      else this.#sink(heap, hole, last);
    }
    return heap.length === 0;
  }

  /** The first in a line; 0 when nobody is in it. */
  firstOf(line: number): number {
    return this.#lines[line]?.[0] ?? 0;
  }

  /** Whether one item comes before another, in whichever lines they are. */
  before(a: number, b: number): boolean {
    // Compared, not subtracted: keys may be infinite.
    const keys = this.#keys;
    if (keys[2 * a] !== keys[2 * b]) return (keys[2 * a] as number) < (keys[2 * b] as number);
    if (keys[2 * a + 1] !== keys[2 * b + 1]) return (keys[2 * a + 1] as number) < (keys[2 * b + 1] as number);
    return (this.#names[a] as string) < (this.#names[b] as string);
  }

  #rise(heap: number[], from: number, item: number): void {
    let hole = from;
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above] as number;
      if (!this.before(item, parent)) break;
      this.#stand(heap, hole, parent);
      hole = above;
    }
    this.#stand(heap, hole, item);
  }

  #sink(heap: number[], from: number, item: number): void {
    let hole = from;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.before(heap[child + 1] as number, heap[child] as number)) child++;
      const next = heap[child] as number;
      if (!this.before(next, item)) break;
      this.#stand(heap, hole, next);
      hole = child;
    }
    this.#stand(heap, hole, item);
  }

  #stand(heap: number[], place: number, item: number): void {
    heap[place] = item;
    this.#places[2 * item + 1] = place;
  }

  #line(line: number): number[] {
    while (this.#lines.length <= line) this.#lines.push([]);
    return this.#lines[line] as number[];
  }

  #reserve(item: number): void {
    if (item < this.#capacity) return;
    while (item >= this.#capacity) this.#capacity *= 2;
    const [keys, places] = [this.#keys, this.#places];
    this.#keys = new Float64Array(this.#capacity * 2);
    this.#places = new Int32Array(this.#capacity * 2);
    this.#keys.set(keys);
    this.#places.set(places);
  }
}
