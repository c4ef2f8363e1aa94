/** Numbers with times, the earliest first; of equal times the one that was put in first. A binary heap: O(log n). */
export class TimeHeap {
  #size = 0;
  #capacity = 64;
  #times = new Float64Array(this.#capacity);
  #order = new Float64Array(this.#capacity);
  #items = new Int32Array(this.#capacity);
  #putIn = 0;

  get size(): number {
    return this.#size;
  }

  /** The earliest time; infinity when there is nothing. */
  get nextAt(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  put(at: number, item: number): void {
    if (this.#size === this.#capacity) this.#enlarge();
    const order = this.#putIn++;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((this.#times[parent] as number) <= at) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#set(hole, at, order, item);
  }

  /** Takes out the item with the earliest time. @throws {RangeError} when there is none */
  take(): number {
    if (this.#size === 0) throw new RangeError('the heap is empty');
    const first = this.#items[0] as number;
    const last = --this.#size;
    if (last > 0)
      this.#sink(this.#times[last] as number, this.#order[last] as number, this.#items[last] as number);
    return first;
  }

  /** Puts what was last to where it belongs, from the top down. */
  #sink(at: number, order: number, item: number): void {
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#earlier(child + 1, child)) child++;
      const childAt = this.#times[child] as number;
      if (at < childAt || (at === childAt && order < (this.#order[child] as number))) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#set(hole, at, order, item);
  }

  #earlier(a: number, b: number): boolean {
    const difference = (this.#times[a] as number) - (this.#times[b] as number);
    return difference < 0 || (difference === 0 && (this.#order[a] as number) < (this.#order[b] as number));
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#times[from] as number, this.#order[from] as number, this.#items[from] as number);
  }

  #set(place: number, at: number, order: number, item: number): void {
    this.#times[place] = at;
    this.#order[place] = order;
    this.#items[place] = item;
  }

  #enlarge(): void {
    this.#capacity *= 2;
    const [times, order, items] = [this.#times, this.#order, this.#items];
    this.#times = new Float64Array(this.#capacity);
    this.#order = new Float64Array(this.#capacity);
    this.#items = new Int32Array(this.#capacity);
    this.#times.set(times);
    this.#order.set(order);
    this.#items.set(items);
  }
}
