import type { MarkSets } from './mark-sets.ts';

/**
 * An ordered set of numbered items, each with a set of marks; it finds the first item, in order, that has a given mark. All in
 * O(log n) expected time: a treap (Seidel and Aragon 1996) in which every node knows which marks occur at or below it. Its shape
 * depends on its content alone, not on its history: the heap order is a hash of the item's name.
 *
 * Items are numbers from 1; 0 stands for none. Order: first key, second key, name. One owner changes it in place.
 */
export class MaskedTree {
  /** Marks are kept in so many words of 32. */
  readonly words: number;
  /** Each item's own marks; they stay as they are while it is in the tree. */
  readonly #marks: MarkSets;
  #root = 0;
  #size = 0;
  #capacity = 64;
  /** Two for each node. */
  #keys = new Float64Array(this.#capacity * 2);
  #names: string[] = [''];
  /** All else of a node lies together, as a way is as long as the memory it touches: heap order, left, right, parent, marks at or below. */
  #nodes: Int32Array;
  readonly #stride: number;
  #low = 0;
  #high = 0;

  constructor(marks: MarkSets) {
    this.words = marks.words;
    this.#marks = marks;
    this.#stride = BELOW + marks.words;
    this.#nodes = new Int32Array(this.#capacity * this.#stride);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an item that is not in it. */
  add(item: number, first: number, second: number, name: string): void {
    this.#reserve(item);
    this.#keys[2 * item] = first;
    this.#keys[2 * item + 1] = second;
    const nodes = this.#nodes;
    const { words } = this;
    const marks = this.#marks.data;
    const mine = item * words;
    const own = item * this.#stride;
    // Mostly it was here before, under the same name.
    if (this.#names[item] !== name) {
      this.#names[item] = name;
      nodes[own] = hash(name);
    }
    const heap = nodes[own] as number;
    let parent = 0;
    let side = LEFT;
    let node = this.#root;
    // As another item may have lain here before.
    nodes[own + PARENT] = 0;
    while (node !== 0) {
      const at = node * this.#stride;
      if ((nodes[at] as number) < heap) break;
      for (let w = 0; w < words; w++)
        nodes[at + BELOW + w] = (nodes[at + BELOW + w] as number) | (marks[mine + w] as number);
      parent = node;
      side = this.before(item, node) ? LEFT : RIGHT;
      node = nodes[at + side] as number;
    }
    this.#split(node, item);
    this.#link(item, LEFT, this.#low);
    this.#link(item, RIGHT, this.#high);
    this.#gather(item);
    if (parent === 0) this.#root = item;
    else this.#link(parent, side, item);
    this.#size++;
  }

  /**
   * Takes out an item that is in it. There is no way down to it, and the way up ends where the marks below stay what they were: mostly
   * soon, as others have them too.
   */
  remove(item: number): void {
    const nodes = this.#nodes;
    const at = item * this.#stride;
    const rest = this.#joined(nodes[at + LEFT] as number, nodes[at + RIGHT] as number);
    let above = nodes[at + PARENT] as number;
    if (above === 0) {
      this.#root = rest;
      nodes[rest * this.#stride + PARENT] = 0;
    } else this.#link(above, nodes[above * this.#stride + LEFT] === item ? LEFT : RIGHT, rest);
    while (above !== 0 && this.#gather(above)) above = nodes[above * this.#stride + PARENT] as number;
    this.#size--;
  }

  /** The first item that has this mark; 0 when none has. */
  firstWithMark(mark: number): number {
    let node = this.#root;
    if (node === 0 || !this.#below(node, mark)) return 0;
    for (;;) {
      const left = this.#nodes[node * this.#stride + LEFT] as number;
      if (left !== 0 && this.#below(left, mark)) node = left;
      else if (this.#marks.hasAny(node, mark, 1)) return node;
      else node = this.#nodes[node * this.#stride + RIGHT] as number;
    }
  }

  /** The first items that have this mark, in order, at most so many. */
  firstFewWith(mark: number, limit: number): number[] {
    const found: number[] = [];
    this.#collect(this.#root, mark, limit, found);
    return found;
  }

  /** All marks that occur, into the given words. */
  marksInto(target: Uint32Array): void {
    const at = this.#root * this.#stride + BELOW;
    for (let w = 0; w < this.words; w++) target[w] = this.#root === 0 ? 0 : (this.#nodes[at + w] as number);
  }

  /** Whether one item of it comes before another. */
  before(a: number, b: number): boolean {
    // Compared, not subtracted: keys may be infinite.
    const keys = this.#keys;
    if (keys[2 * a] !== keys[2 * b]) return (keys[2 * a] as number) < (keys[2 * b] as number);
    if (keys[2 * a + 1] !== keys[2 * b + 1]) return (keys[2 * a + 1] as number) < (keys[2 * b + 1] as number);
    return (this.#names[a] as string) < (this.#names[b] as string);
  }

  /** Nodes on the longest way down: what an operation costs at most. */
  height(node = this.#root): number {
    if (node === 0) return 0;
    const at = node * this.#stride;
    return 1 + Math.max(this.height(this.#nodes[at + LEFT]), this.height(this.#nodes[at + RIGHT]));
  }

  #below(node: number, mark: number): boolean {
    const word = this.#nodes[node * this.#stride + BELOW + (mark >>> 5)] as number;
    return (word & (1 << (mark & 31))) !== 0;
  }

  /** Puts a node, or none, below another. The parent of node 0, which is nobody, means nothing. */
  #link(parent: number, side: number, child: number): void {
    this.#nodes[parent * this.#stride + side] = child;
    this.#nodes[child * this.#stride + PARENT] = parent;
  }

  /** What is at or below a node, from itself and its children. @returns whether that changed */
  #gather(node: number): boolean {
    const nodes = this.#nodes;
    const { words } = this;
    const at = node * this.#stride;
    const marksOf = this.#marks.data;
    const own = node * words;
    // Node 0 has no marks.
    const left = (nodes[at + LEFT] as number) * this.#stride + BELOW;
    const right = (nodes[at + RIGHT] as number) * this.#stride + BELOW;
    let changed = false;
    for (let w = 0; w < words; w++) {
      const marks = (marksOf[own + w] as number) | (nodes[left + w] as number) | (nodes[right + w] as number);
      if ((marks | 0) === nodes[at + BELOW + w]) continue;
      nodes[at + BELOW + w] = marks;
      changed = true;
    }
    return changed;
  }

  /** Parts what is at or below a node into what comes before and after an item: `#low` and `#high`. */
  #split(node: number, item: number): void {
    const at = node * this.#stride;
    if (node === 0) {
      this.#low = 0;
      this.#high = 0;
    } else if (this.before(item, node)) {
      this.#split(this.#nodes[at + LEFT] as number, item);
      this.#link(node, LEFT, this.#high);
      this.#gather(node);
      this.#high = node;
    } else {
      this.#split(this.#nodes[at + RIGHT] as number, item);
      this.#link(node, RIGHT, this.#low);
      this.#gather(node);
      this.#low = node;
    }
  }

  #joined(low: number, high: number): number {
    if (low === 0) return high;
    if (high === 0) return low;
    const [lowAt, highAt] = [low * this.#stride, high * this.#stride];
    if ((this.#nodes[lowAt] as number) >= (this.#nodes[highAt] as number)) {
      this.#link(low, RIGHT, this.#joined(this.#nodes[lowAt + RIGHT] as number, high));
      this.#gather(low);
      return low;
    }
    this.#link(high, LEFT, this.#joined(low, this.#nodes[highAt + LEFT] as number));
    this.#gather(high);
    return high;
  }

  #collect(node: number, mark: number, limit: number, found: number[]): void {
    if (node === 0 || found.length >= limit || !this.#below(node, mark)) return;
    const at = node * this.#stride;
    this.#collect(this.#nodes[at + LEFT] as number, mark, limit, found);
    if (found.length < limit && this.#marks.hasAny(node, mark, 1)) found.push(node);
    this.#collect(this.#nodes[at + RIGHT] as number, mark, limit, found);
  }

  #reserve(item: number): void {
    if (item < this.#capacity) return;
    while (item >= this.#capacity) this.#capacity *= 2;
    const [keys, nodes] = [this.#keys, this.#nodes];
    this.#keys = new Float64Array(this.#capacity * 2);
    this.#nodes = new Int32Array(this.#capacity * this.#stride);
    this.#keys.set(keys);
    this.#nodes.set(nodes);
  }
}

/** Where a node's parts lie, after its heap order. */
const LEFT = 1;
const RIGHT = 2;
const PARENT = 3;
const BELOW = 4;

/** FNV-1a, then mixed (MurmurHash3's last step): names that differ in the last digit must not lie beside each other. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
