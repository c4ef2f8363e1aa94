import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { readIfThere } from '../../infra/parts/files.ts';
import type { Part } from '../../infra/parts/part.ts';
import { ourNode } from '../../infra/setup/our-node.ts';
import type { ManagedPartOptions } from '../../infra/supervisor/managed-part.ts';

/** A folder to supervise tiny programs in, and what they and the supervisor said. */
export type TinyHome = {
  readonly dir: string;
  readonly options: ManagedPartOptions;
  /** Lines for people. */
  readonly reported: string[];
  /** `name:started`, `name:stopped` … in the order they happened. */
  history(): string[];
};

export function tinyHome(dir: string = mkdtempSync(join(tmpdir(), 'hotline-supervisor-'))): TinyHome {
  const reported: string[] = [];
  for (const folder of ['logs', 'run']) mkdirSync(join(dir, folder), { recursive: true });
  return {
    dir,
    reported,
    history: () => readIfThere(join(dir, 'history'))?.toString('utf8').trim().split('\n') ?? [],
    options: {
      logDir: join(dir, 'logs'),
      runDir: join(dir, 'run'),
      log: pino({ level: 'silent' }),
      report: (line) => reported.push(line),
      checkEveryMs: 20,
    },
  };
}

/** What the program does when it is started; it has `note(what)`, `up()` (becomes healthy), `name` and the module `fs`. */
const behaviours = {
  /** Healthy at once, stops when asked. */
  obedient: `process.on('SIGTERM', () => { note('stopped'); process.exit(0); }); up(); setInterval(() => {}, 1e6);`,
  /** Healthy at once, hears no request to stop. */
  stubborn: `process.on('SIGTERM', () => note('asked')); up(); setInterval(() => {}, 1e6);`,
  /** Says why and dies. */
  broken: `console.log('cannot open the flux valve'); process.exit(7);`,
} as const;

/** A part whose program is a few lines of Node; its health is a file it makes. */
export function tinyPart(
  home: TinyHome,
  name: string,
  does: keyof typeof behaviours,
  settings: Partial<Part> = {},
): Part {
  const upFile = join(home.dir, `${name}.up`);
  const script =
    `const fs = require('node:fs'); const name = ${JSON.stringify(name)};` +
    `const note = (what) => fs.appendFileSync(${JSON.stringify(join(home.dir, 'history'))}, name + ':' + what + '\\n');` +
    // Noted first: whoever sees that it is healthy finds the note.
    `const up = () => { note('started'); fs.writeFileSync(${JSON.stringify(upFile)}, String(process.pid)); };` +
    behaviours[does];
  return {
    name,
    after: [],
    prepare: async () => undefined,
    launch: () => ({
      program: ourNode('-e'),
      args: [script],
      cwd: home.dir,
      env: {},
    }),
    health: async () => (existsSync(upFile) && readFileSync(upFile, 'utf8') !== '' ? null : 'not up yet'),
    startLimitMs: 20_000,
    stopSignal: 'SIGTERM',
    stopLimitMs: 20_000,
    restartWhenUnhealthyForMs: null,
    ...settings,
  };
}

/** Adds to the same history the programs write to. */
export function noteIn(home: TinyHome, what: string): void {
  appendFileSync(join(home.dir, 'history'), `${what}\n`);
}
