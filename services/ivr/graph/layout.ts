import type { NodeName } from '../../events/ids.ts';
import type { Picture, Way } from './picture.ts';

/** Where everything of a picture goes: boxes by their middle, ways by the points they pass. In units of the drawing. */
export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<NodeName, Point>;
  readonly ways: readonly { readonly way: Way; readonly points: readonly Point[]; readonly back: boolean }[];
};
export type Point = { readonly x: number; readonly y: number };

export const boxWidth = 178;
export const boxHeight = 44;
const columnGap = 84;
const rowGap = 16;
const margin = 30;
const sweeps = 12;

/** A place in a column: of a box, or where a longer way passes the column. */
type Slot = {
  readonly id: string;
  readonly height: number;
  y: number;
  readonly before: Slot[];
  readonly after: Slot[];
};

/**
 * Columns from left to right: a box stands right of all that lead to it, ways back aside (Sugiyama's method, kept simple: columns by
 * the longest way, order by the mean of the neighbours, ways through several columns have a slot in each).
 */
export function layOut(picture: Picture): Layout {
  const names = picture.boxes.map(({ name }) => name);
  const back = backWays(names, picture.ways);
  const column = columnsOf(
    names,
    picture.ways.filter((way) => !back.has(way)),
  );
  const columns: Slot[][] = Array.from({ length: Math.max(0, ...column.values()) + 1 }, () => []);
  const slots = new Map<string, Slot>();
  const addSlot = (id: string, at: number, height: number): Slot => {
    const slot: Slot = { id, height, y: 0, before: [], after: [] };
    columns[at]?.push(slot);
    slots.set(id, slot);
    return slot;
  };
  for (const name of names) addSlot(name, column.get(name) ?? 0, boxHeight);
  const passes = new Map<Way, Slot[]>();
  for (const [index, way] of picture.ways.entries()) {
    const [left, right] = [column.get(way.from) ?? 0, column.get(way.to) ?? 0];
    if (back.has(way) || way.from === way.to) continue;
    const between = Array.from({ length: Math.max(0, right - left - 1) }, (_, i) =>
      addSlot(`way ${index} ${i}`, left + 1 + i, 8),
    );
    const path = [slots.get(way.from), ...between, slots.get(way.to)].filter((slot) => slot !== undefined);
    for (const [i, slot] of path.entries()) {
      const next = path[i + 1];
      if (!next) continue;
      slot.after.push(next);
      next.before.push(slot);
    }
    passes.set(way, between);
  }
  arrange(columns);
  const x = (at: number) => margin + boxWidth / 2 + at * (boxWidth + columnGap);
  const point = (name: NodeName): Point => ({ x: x(column.get(name) ?? 0), y: slots.get(name)?.y ?? 0 });
  const ys = [...slots.values()].map(({ y, height }) => y + height / 2);
  return {
    width: x(columns.length - 1) + boxWidth / 2 + margin + 40,
    height: Math.max(0, ...ys) + margin,
    boxes: new Map(names.map((name) => [name, point(name)])),
    ways: picture.ways.map((way) => ({
      way,
      back: back.has(way),
      points: [
        point(way.from),
        ...(passes.get(way) ?? []).map((slot, i) => ({
          x: x((column.get(way.from) ?? 0) + 1 + i),
          y: slot.y,
        })),
        point(way.to),
      ],
    })),
  };
}

/** Ways that lead back to where one has come from. */
function backWays(names: readonly NodeName[], ways: readonly Way[]): ReadonlySet<Way> {
  const from = Map.groupBy(ways, (way) => way.from);
  const state = new Map<NodeName, 'open' | 'done'>();
  const back = new Set<Way>();
  for (const root of names) {
    if (state.has(root)) continue;
    state.set(root, 'open');
    const work = [{ name: root, rest: [...(from.get(root) ?? [])] }];
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const way = top.rest.shift();
      if (!way) {
        state.set(top.name, 'done');
        work.pop();
      } else if (state.get(way.to) === 'open') back.add(way);
      else if (!state.has(way.to)) {
        state.set(way.to, 'open');
        work.push({ name: way.to, rest: [...(from.get(way.to) ?? [])] });
      }
    }
  }
  return back;
}

/** The longest way to each box, in ways. */
function columnsOf(names: readonly NodeName[], ways: readonly Way[]): Map<NodeName, number> {
  const column = new Map(names.map((name) => [name, 0]));
  for (let changed = true, rounds = 0; changed && rounds <= names.length; rounds++) {
    changed = false;
    for (const { from, to } of ways) {
      const least = (column.get(from) ?? 0) + 1;
      if ((column.get(to) ?? 0) >= least) continue;
      column.set(to, least);
      changed = true;
    }
  }
  return column;
}

/** Orders each column by its neighbours, then gives every slot its height. */
function arrange(columns: readonly Slot[][]): void {
  for (const column of columns) stack(column);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : columns.toReversed()) {
      const wanted = new Map(
        column.map((slot) => [slot, mean(forward ? slot.before : slot.after) ?? slot.y]),
      );
      column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      settle(column, wanted);
    }
  }
  const all = columns.flat();
  const top = Math.min(...all.map(({ y, height }) => y - height / 2));
  for (const slot of all) slot.y += margin - top;
}

const mean = (slots: readonly Slot[]): number | null =>
  slots.length === 0 ? null : slots.reduce((sum, { y }) => sum + y, 0) / slots.length;

function stack(column: readonly Slot[]): void {
  let y = 0;
  for (const slot of column) {
    slot.y = y + slot.height / 2;
    y += slot.height + rowGap;
  }
}

/** As near to where each wants to be as the order and the gaps allow: pushed down where they overlap, then moved up together by the mean of it. */
function settle(column: readonly Slot[], wanted: ReadonlyMap<Slot, number>): void {
  let bottom = Number.NEGATIVE_INFINITY;
  for (const slot of column) {
    slot.y = Math.max(wanted.get(slot) ?? 0, bottom + rowGap + slot.height / 2);
    bottom = slot.y + slot.height / 2;
  }
  const pushed = column.reduce((sum, slot) => sum + slot.y - (wanted.get(slot) ?? slot.y), 0);
  for (const slot of column) slot.y -= pushed / Math.max(1, column.length);
}
