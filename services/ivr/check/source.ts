import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { hasOddLength } from '../odd-length.ts';

/** The text of a flow file; `file` names it in problems. */
export type FlowSource = { readonly file: string; readonly text: string };

export type Path = readonly PropertyKey[];

/** A file's content, with the line on which each part of it stands. */
export type ReadSource = {
  readonly content: unknown;
  /** The line of the key at this path, or of the nearest part around it that is there. */
  readonly lineOf: (path: Path) => number;
};

/** @returns the content, or what is wrong with it as YAML */
export function readSource(text: string): ReadSource | { problems: { line: number | null; what: string }[] } {
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'error', prettyErrors: false });
    const wrong = [...document.errors, ...document.warnings];
    if (wrong.length > 0)
      return {
        problems: wrong.map(({ message, pos }) => ({
          line: lines.linePos(pos[0]).line,
          what: firstLine(message),
        })),
      };
    const content: unknown = document.toJS();
    if (hasOddLength(content))
      return { problems: [{ line: null, what: 'a `length` holds more than a value' }] };
    return { content, lineOf: (path) => lines.linePos(offsetOf(document, path)).line };
  } catch (error) {
    // Nested too deeply, or aliases that would unfold without end.
    const why = firstLine(error instanceof Error ? error.message : String(error));
    return { problems: [{ line: null, what: `cannot be read (${why})` }] };
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node === undefined) break;
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
