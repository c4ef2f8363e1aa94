import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** One version of a flow having come into force: one line of `activations.jsonl`. */
const activationSchema = z.object({
  flow: z.string(),
  version: z.number().int().positive(),
  /** Milliseconds since 1970. */
  at: z.number().int(),
  by: z.string(),
  /** Of the text, SHA-256. */
  hash: z.string(),
  /** The version whose content this is again; null for a new one. */
  rollsBackTo: z.number().int().positive().nullable(),
});
export type Activation = z.infer<typeof activationSchema>;

/** A flow's text under the number by which it was activated; `file` is where it is kept. */
export type StoredVersion = { readonly file: string; readonly text: string; readonly version: number };

/**
 * The versions of flows that have been in force, as files: `<dir>/<flow>/<n>.yaml`, and who activated which when in
 * `<dir>/activations.jsonl`. The newest version of a flow is the one in force. A version is never changed; rolling back makes a new one
 * with an old one's text. Only one process writes at a time: the controller that acts, or the set-up before it starts.
 */
export class FlowStore {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** All activations, the oldest first. Lines that a crash has torn are passed over. */
  activations(): Activation[] {
    const file = this.#logFile();
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const parsed = activationSchema.safeParse(parsedLine(line));
        // One whose text is not there has not come into force.
        return parsed.success && existsSync(this.#versionFile(parsed.data)) ? [parsed.data] : [];
      });
  }

  /** The activations that are in force, one for each flow. */
  inForce(): ReadonlyMap<string, Activation> {
    return new Map(this.activations().map((one) => [one.flow, one]));
  }

  /** null when there is no such version. */
  read(flow: string, version: number): StoredVersion | null {
    const file = this.#versionFile({ flow, version });
    return existsSync(file) ? { file, text: readFileSync(file, 'utf8'), version } : null;
  }

  /** Makes a text the version in force, durably. The text has been checked. */
  activate(given: {
    flow: string;
    text: string;
    at: number;
    by: string;
    rollsBackTo: number | null;
  }): Activation {
    const { flow, text, at, by, rollsBackTo } = given;
    const known = this.activations().filter((one) => one.flow === flow);
    const version = Math.max(0, ...known.map((one) => one.version)) + 1;
    const activation: Activation = { flow, version, at, by, hash: hashOf(text), rollsBackTo };
    const file = this.#versionFile(activation);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.partial`, text, { mode: 0o600, flush: true });
    renameSync(`${file}.partial`, file);
    const log = openSync(this.#logFile(), 'a', 0o600);
    try {
      // A line that was torn before is ended first: it spoils itself only.
      writeSync(log, `${this.#endsInTornLine() ? '\n' : ''}${JSON.stringify(activation)}\n`);
      fsyncSync(log);
    } finally {
      closeSync(log);
    }
    return activation;
  }

  #endsInTornLine(): boolean {
    const text = readFileSync(this.#logFile(), 'utf8');
    return text !== '' && !text.endsWith('\n');
  }

  #logFile(): string {
    return join(this.dir, 'activations.jsonl');
  }

  #versionFile({ flow, version }: { flow: string; version: number }): string {
    // Names become paths: what is no flow's name has no file.
    const safe = /^[\w-]{1,40}$/.test(flow) && Number.isSafeInteger(version) ? flow : '-';
    return join(this.dir, safe, `${version}.yaml`);
  }
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
