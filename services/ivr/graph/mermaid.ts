import type { Flow } from '../flow.ts';
import { pictureOf } from './picture.ts';

/** The flow as a Mermaid flowchart. */
export function mermaid(flow: Flow): string {
  const { title, boxes, ways } = pictureOf(flow);
  return [
    'flowchart TD',
    ...boxes.flatMap(({ name, kind, detail, entry }) => [
      `  ${idOf(name)}["${text([name, kind, detail].filter((part) => part !== '').join(' · '))}"]`,
      ...(entry === null ? [] : [`  in_${idOf(name)}(("${text(entry)}")) --> ${idOf(name)}`]),
    ]),
    ...ways.map(({ from, to, label }) =>
      label === ''
        ? `  ${idOf(from)} --> ${idOf(to)}`
        : `  ${idOf(from)} -- "${text(label)}" --> ${idOf(to)}`,
    ),
    `  %% ${title.replaceAll('\n', ' ')}: keys 0, 9 and * work everywhere and are not drawn`,
  ].join('\n');
}

// "end" and "start" mean something to Mermaid; letters other than ASCII are kept apart by their code.
const idOf = (name: string) =>
  `n_${name.replaceAll(/[^A-Za-z0-9]/gu, (sign) => (sign === '-' ? '_' : `u${sign.codePointAt(0)?.toString(16)}_`))}`;

const text = (words: string) => words.replaceAll('"', '#quot;').replaceAll(/[\r\n]/g, ' ');
