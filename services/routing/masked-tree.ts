/**
 * An ordered set of numbered items, each with a set of marks; it finds the first item, in order, that has one of given marks. All in
 * O(log n) expected time: a treap (Seidel and Aragon 1996) in which every node knows which marks occur at or below it. Its shape
 * depends on its content alone, not on its history: the heap order is a hash of the item's name.
 *
 * Items are numbers from 1; 0 stands for none. Order: first key, second key, name. One owner changes it in place.
 */
export class MaskedTree {
  /** Marks are kept in so many words of 32. */
  readonly words: number;
  #root = 0;
  #size = 0;
  #capacity = 64;
  #first = new Float64Array(this.#capacity);
  #second = new Float64Array(this.#capacity);
  #names: string[] = [''];
  #heap = new Uint32Array(this.#capacity);
  #left = new Int32Array(this.#capacity);
  #right = new Int32Array(this.#capacity);
  #own: Uint32Array;
  #below: Uint32Array;
  #low = 0;
  #high = 0;

  constructor(words: number) {
    this.words = words;
    this.#own = new Uint32Array(this.#capacity * words);
    this.#below = new Uint32Array(this.#capacity * words);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an item that is not in it. */
  add(item: number, first: number, second: number, name: string, marks: Uint32Array): void {
    this.#reserve(item);
    this.#first[item] = first;
    this.#second[item] = second;
    this.#names[item] = name;
    this.#heap[item] = hash(name);
    const { words } = this;
    for (let w = 0; w < words; w++) this.#own[item * words + w] = marks[w] as number;
    let parent = 0;
    let toLeft = false;
    let node = this.#root;
    while (node !== 0 && (this.#heap[node] as number) >= (this.#heap[item] as number)) {
      for (let w = 0; w < words; w++) {
        const at = node * words + w;
        this.#below[at] = (this.#below[at] as number) | (marks[w] as number);
      }
      parent = node;
      toLeft = this.before(item, node);
      node = (toLeft ? this.#left[node] : this.#right[node]) as number;
    }
    this.#split(node, item);
    this.#left[item] = this.#low;
    this.#right[item] = this.#high;
    this.#gather(item);
    if (parent === 0) this.#root = item;
    else if (toLeft) this.#left[parent] = item;
    else this.#right[parent] = item;
    this.#size++;
  }

  /** Takes out an item that is in it. */
  remove(item: number): void {
    this.#root = this.#without(this.#root, item);
    this.#size--;
  }

  /** The first item that has one of these marks; 0 when none has. */
  firstWith(marks: Uint32Array): number {
    let node = this.#root;
    if (node === 0 || !this.#meets(this.#below, node, marks)) return 0;
    for (;;) {
      const left = this.#left[node] as number;
      if (left !== 0 && this.#meets(this.#below, left, marks)) node = left;
      else if (this.#meets(this.#own, node, marks)) return node;
      else node = this.#right[node] as number;
    }
  }

  /** The first items that have this mark, in order, at most so many. */
  firstFewWith(mark: number, limit: number): number[] {
    const found: number[] = [];
    this.#collect(this.#root, mark >>> 5, 1 << (mark & 31), limit, found);
    return found;
  }

  /** The first item that has this mark; 0 when none has. */
  firstWithMark(mark: number): number {
    const { words } = this;
    const word = mark >>> 5;
    const bit = 1 << (mark & 31);
    const below = this.#below;
    let node = this.#root;
    if (node === 0 || ((below[node * words + word] as number) & bit) === 0) return 0;
    for (;;) {
      const left = this.#left[node] as number;
      if (left !== 0 && ((below[left * words + word] as number) & bit) !== 0) node = left;
      else if (((this.#own[node * words + word] as number) & bit) !== 0) return node;
      else node = this.#right[node] as number;
    }
  }

  /** All marks that occur, into the given words. */
  marksInto(target: Uint32Array): void {
    const from = this.#root * this.words;
    for (let w = 0; w < this.words; w++) target[w] = this.#root === 0 ? 0 : (this.#below[from + w] as number);
  }

  /** Whether one item of it comes before another. */
  before(a: number, b: number): boolean {
    // Compared, not subtracted: keys may be infinite.
    const [first, second] = [this.#first, this.#second];
    if (first[a] !== first[b]) return (first[a] as number) < (first[b] as number);
    if (second[a] !== second[b]) return (second[a] as number) < (second[b] as number);
    return (this.#names[a] as string) < (this.#names[b] as string);
  }

  /** Nodes on the longest way down: what an operation costs at most. */
  height(node = this.#root): number {
    if (node === 0) return 0;
    return 1 + Math.max(this.height(this.#left[node]), this.height(this.#right[node]));
  }

  #meets(of: Uint32Array, node: number, marks: Uint32Array): boolean {
    const { words } = this;
    for (let w = 0, at = node * words; w < words; w++, at++)
      if (((of[at] as number) & (marks[w] as number)) !== 0) return true;
    return false;
  }

  /** What is at or below a node, from itself and its children. */
  #gather(node: number): void {
    const { words } = this;
    const own = node * words;
    const left = (this.#left[node] as number) * words;
    const right = (this.#right[node] as number) * words;
    // Node 0 has no marks.
    for (let w = 0; w < words; w++)
      this.#below[own + w] =
        (this.#own[own + w] as number) |
        (this.#below[left + w] as number) |
        (this.#below[right + w] as number);
  }

  /** Parts what is at or below a node into what comes before and after an item: `#low` and `#high`. */
  #split(node: number, item: number): void {
    if (node === 0) {
      this.#low = 0;
      this.#high = 0;
    } else if (this.before(item, node)) {
      this.#split(this.#left[node] as number, item);
      this.#left[node] = this.#high;
      this.#gather(node);
      this.#high = node;
    } else {
      this.#split(this.#right[node] as number, item);
      this.#right[node] = this.#low;
      this.#gather(node);
      this.#low = node;
    }
  }

  #without(node: number, item: number): number {
    if (node === item) return this.#joined(this.#left[node] as number, this.#right[node] as number);
    if (this.before(item, node)) this.#left[node] = this.#without(this.#left[node] as number, item);
    else this.#right[node] = this.#without(this.#right[node] as number, item);
    this.#gather(node);
    return node;
  }

  #joined(low: number, high: number): number {
    if (low === 0) return high;
    if (high === 0) return low;
    if ((this.#heap[low] as number) >= (this.#heap[high] as number)) {
      this.#right[low] = this.#joined(this.#right[low] as number, high);
      this.#gather(low);
      return low;
    }
    this.#left[high] = this.#joined(low, this.#left[high] as number);
    this.#gather(high);
    return high;
  }

  #collect(node: number, word: number, bit: number, limit: number, found: number[]): void {
    const { words } = this;
    if (node === 0 || ((this.#below[node * words + word] as number) & bit) === 0) return;
    this.#collect(this.#left[node] as number, word, bit, limit, found);
    if (found.length >= limit) return;
    if (((this.#own[node * words + word] as number) & bit) !== 0) found.push(node);
    if (found.length < limit) this.#collect(this.#right[node] as number, word, bit, limit, found);
  }

  #reserve(item: number): void {
    if (item < this.#capacity) return;
    while (item >= this.#capacity) this.#capacity *= 2;
    this.#first = enlarged(this.#first, new Float64Array(this.#capacity));
    this.#second = enlarged(this.#second, new Float64Array(this.#capacity));
    this.#heap = enlarged(this.#heap, new Uint32Array(this.#capacity));
    this.#left = enlarged(this.#left, new Int32Array(this.#capacity));
    this.#right = enlarged(this.#right, new Int32Array(this.#capacity));
    this.#own = enlarged(this.#own, new Uint32Array(this.#capacity * this.words));
    this.#below = enlarged(this.#below, new Uint32Array(this.#capacity * this.words));
  }
}

function enlarged<T extends Float64Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** FNV-1a, then mixed (MurmurHash3's last step): names that differ in the last digit must not lie beside each other. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
