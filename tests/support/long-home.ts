import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longestHomeBytes } from '../../infra/supervisor/home.ts';

const letters = 6;

/** An empty folder whose path is as long as a home's may be: Asterisk cuts off paths that are too long for it, and does not say so. */
export function makeLongHome(prefix: string): string {
  const start = join(tmpdir(), prefix);
  return mkdtempSync(start.padEnd(longestHomeBytes - letters, '-'));
}
