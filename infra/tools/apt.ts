import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAptConfig } from '../setup/apt-config.mjs';
import { run } from '../setup/run.ts';

/** A package apt would download. `name` may hold an architecture-free name only: we ask for one architecture. */
export type PlannedPackage = { name: string; file: string; sizeBytes: number };

/**
 * An apt of our own: its lists, cache and (empty) package status lie in `dir`; it never sees or changes what is installed
 * on the machine, and works for any user. The machine's proxies, certificates and credentials for apt still apply.
 */
export type PrivateApt = {
  /** Fetches the package index, once per process; its signature is verified, see below for its age. */
  ensureIndex(): Promise<void>;
  /** Drops an index that turned out to be out of step with its mirror; the next `ensureIndex` fetches it anew. */
  forgetIndex(): void;
  /** Everything that `packages` need on an empty system, without recommendations. */
  plan(packages: readonly string[]): Promise<PlannedPackage[]>;
  /** Downloads into `into` (verified by hash). */
  download(names: readonly string[], into: string): Promise<void>;
};

/**
 * @param sources a sources.list line of its own, or null to use the machine's sources as they are.
 */
export function openPrivateApt(dir: string, sources: string | null): PrivateApt {
  const config = writeAptConfig(dir, sources);
  const apt = (args: string[], cwd?: string) =>
    run('apt-get', ['-c', config, '-q', ...args], {
      ...(cwd ? { cwd } : {}),
      env: { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    });
  let fresh = false;
  return {
    async ensureIndex() {
      // apt only warns about sources it could not reach; we need them all
      if (!fresh) await apt(['-o', 'APT::Update::Error-Mode=any', 'update']);
      fresh = true;
    },
    forgetIndex() {
      fresh = false;
      rmSync(join(dir, 'state', 'lists'), { recursive: true, force: true });
      mkdirSync(join(dir, 'state/lists/partial'), { recursive: true });
    },
    async plan(packages) {
      const printed = await apt(['install', '--print-uris', '-y', ...packages]);
      return parsePlan(printed.stdout);
    },
    async download(names, into) {
      await apt(['download', ...names], into);
    },
  };
}

/** Reads `'URI' file size hash` lines. Pure. */
export function parsePlan(printed: string): PlannedPackage[] {
  return [...printed.matchAll(/^'[^']+' (\S+) (\d+) /gm)].map(([, file = '', size]) => ({
    name: file.split('_')[0] ?? file,
    file,
    sizeBytes: Number(size),
  }));
}
