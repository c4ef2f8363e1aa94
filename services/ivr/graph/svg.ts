import type { Flow, FlowNode } from '../flow.ts';
import { boxHeight, boxWidth, layOut, type Point } from './layout.ts';
import { type Box, pictureOf } from './picture.ts';

/** Fill and edge of a box by what happens there: something is said, the caller is asked, data, a decision, a person, the end. */
const colours: Readonly<Record<FlowNode['kind'], readonly [fill: string, edge: string]>> = {
  announce: ['#eef4ff', '#5b8def'],
  say: ['#eef4ff', '#5b8def'],
  menu: ['#fff4e0', '#d98a00'],
  collect: ['#fff4e0', '#d98a00'],
  survey: ['#fff4e0', '#d98a00'],
  lookup: ['#f3ecff', '#8a5bd6'],
  branch: ['#f5f5f5', '#8c8c8c'],
  set: ['#f5f5f5', '#8c8c8c'],
  goto: ['#f5f5f5', '#8c8c8c'],
  enqueue: ['#e6f7ec', '#2f9e57'],
  'offer-callback': ['#e6f7ec', '#2f9e57'],
  voicemail: ['#e6f7ec', '#2f9e57'],
  transfer: ['#e6f7ec', '#2f9e57'],
  'hang-up': ['#fdecec', '#cf4b4b'],
};

const font = `font-family="system-ui, 'Noto Sans SC', sans-serif"`;

/** The flow as a picture of its own: no script, no style sheet, nothing from outside. */
export function svg(flow: Flow): string {
  const picture = pictureOf(flow);
  const { width, height, boxes, ways } = layOut(picture);
  const top = 34;
  const at = (point: Point | undefined): Point => ({ x: point?.x ?? 0, y: (point?.y ?? 0) + top });
  const total = { width: Math.ceil(width), height: Math.ceil(height + top) };
  const lines = ways.map(({ way, points, back }) =>
    line(points.map(at), way.label, way.from === way.to ? 'self' : back ? 'back' : 'on'),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.width} ${total.height}" width="${total.width}" height="${total.height}" role="img">`,
    `<title>${escaped(picture.title)}</title>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="#667"/></marker></defs>',
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="30" y="24" ${font} font-size="14" fill="#333">${escaped(picture.title)} — 0 → person, 9 → again, * → back: everywhere</text>`,
    ...lines.map(({ path }) => path),
    ...picture.boxes.map((box) => drawn(box, at(boxes.get(box.name)))),
    // Labels last: nothing lies over them.
    ...lines.map(({ label }) => label),
    '</svg>',
  ].join('\n');
}

function drawn({ name, kind, detail, entry }: Box, { x, y }: Point): string {
  const [fill, edge] = colours[kind];
  const left = x - boxWidth / 2;
  const head = y - boxHeight / 2;
  const small = `${font} font-size="11" text-anchor="middle"`;
  return [
    `<g><rect x="${round(left)}" y="${round(head)}" width="${boxWidth}" height="${boxHeight}" rx="6" fill="${fill}" stroke="${edge}"${entry === null ? '' : ' stroke-width="2.5"'}/>`,
    `<text x="${round(x)}" y="${round(y - 4)}" ${font} font-size="13" font-weight="600" text-anchor="middle" fill="#222">${escaped(short(name, 26))}</text>`,
    `<text x="${round(x)}" y="${round(y + 12)}" ${small} fill="#555">${escaped(short([kind, detail].filter((part) => part !== '').join(' · '), 32))}</text>`,
    ...(entry === null
      ? []
      : [
          `<text x="${round(x)}" y="${round(head - 3)}" ${small} font-weight="600" fill="${edge}">▸ ${escaped(entry)}</text>`,
        ]),
    '</g>',
  ].join('');
}

function line(
  points: readonly Point[],
  label: string,
  how: 'on' | 'back' | 'self',
): { path: string; label: string } {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return { path: '', label: '' };
  if (how === 'self') {
    const [x, y] = [first.x + boxWidth / 2, first.y];
    return {
      path: path(
        `M${round(x)} ${round(y - 8)}C${round(x + 34)} ${round(y - 26)} ${round(x + 34)} ${round(y + 26)} ${round(x)} ${round(y + 8)}`,
        true,
      ),
      label: labelled(label, { x: x + 30, y }, 'start'),
    };
  }
  const out = { x: first.x + boxWidth / 2, y: first.y };
  if (how === 'back') {
    // Below both boxes, so that it is seen to lead back.
    const low = Math.max(first.y, last.y) + boxHeight / 2 + 26;
    const into = { x: last.x, y: last.y + boxHeight / 2 };
    return {
      path: path(
        `M${round(first.x)} ${round(first.y + boxHeight / 2)}C${round(first.x)} ${round(low + 20)} ${round(into.x)} ${round(low + 20)} ${round(into.x)} ${round(into.y)}`,
        true,
      ),
      label: labelled(label, { x: first.x + 6, y: first.y + boxHeight / 2 + 13 }, 'start'),
    };
  }
  const into = { x: last.x - boxWidth / 2, y: last.y };
  const stops = [out, ...rest.slice(0, -1), into];
  const curve = stops
    .slice(1)
    .map((to, i) => {
      const from = stops[i] ?? to;
      const bend = (to.x - from.x) / 2;
      return `C${round(from.x + bend)} ${round(from.y)} ${round(to.x - bend)} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
    })
    .join('');
  const second = stops[1] ?? into;
  // Where the way leaves its box: ways of one box part there.
  const by = Math.min(1, 46 / Math.max(1, second.x - out.x));
  const eased = by * by * (3 - 2 * by);
  return {
    path: path(`M${round(out.x)} ${round(out.y)}${curve}`, false),
    label: labelled(label, { x: out.x + 46, y: out.y + (second.y - out.y) * eased - 3 }, 'middle'),
  };
}

const path = (d: string, dashed: boolean) =>
  `<path d="${d}" fill="none" stroke="${dashed ? '#aab' : '#667'}"${dashed ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#tip)"/>`;

const labelled = (label: string, { x, y }: Point, anchor: 'start' | 'middle') =>
  label === ''
    ? ''
    : `<text x="${round(x)}" y="${round(y)}" ${font} font-size="11" text-anchor="${anchor}" fill="#334" stroke="#fff" stroke-width="3" paint-order="stroke">${escaped(short(label, 22))}</text>`;

const round = (value: number) => Math.round(value * 10) / 10;
const short = (text: string, most: number) =>
  [...text].length > most ? `${[...text].slice(0, most - 1).join('')}…` : text;
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
