import { existsSync, readFileSync } from 'node:fs';

const mostCharacters = 6_000;
const longestLine = 1_500;

/**
 * The end of a log, for a failure's message: without the requests that went well, which would fill it, and with lines that follow each
 * other and differ in their times alone told once.
 */
export function logTail(name: string, file: string): string {
  if (!existsSync(file)) return `--- ${name}: no log`;
  const lines: string[] = [];
  let times = 1;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/"part":"http".*"status":[23]\d\d/.test(line)) continue;
    const last = lines.at(-1);
    if (last !== undefined && line !== '' && timeless(line) === timeless(last)) {
      times += 1;
      continue;
    }
    if (times > 1) lines.push(`  (${times} times)`);
    times = 1;
    lines.push(line);
  }
  const text = lines.map((line) => line.slice(0, longestLine)).join('\n');
  return `--- ${name}\n${text.slice(-mostCharacters)}`;
}

const timeless = (line: string): string =>
  line.replace(/"time":\d+|"timestamp":"[^"]*"|^\d{4}-\d\d-\d\d [\d:.]+/, '').slice(0, longestLine);
