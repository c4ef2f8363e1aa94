import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
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
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(dir, folder), { recursive: true });
  }
  writeFileSync(join(dir, 'status'), '');
  if (sources) writeFileSync(join(dir, 'sources.list'), `${sources}\n`);
  const config = join(dir, 'apt.conf');
  writeFileSync(config, aptConfig(dir, sources !== null));
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

function aptConfig(dir: string, ownSources: boolean): string {
  return [
    // The machine's hooks (cache cleaners, desktop indexers) are not for a private state.
    '#clear APT::Update;',
    '#clear DPkg;',
    '#clear APT::Architectures;',
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    `Dir::State "${dir}/state/";`,
    `Dir::State::status "${dir}/status";`,
    `Dir::Cache "${dir}/cache/";`,
    ...(ownSources
      ? [`Dir::Etc::SourceList "${dir}/sources.list";`, 'Dir::Etc::SourceParts "/dev/null";']
      : []),
    'Dir::Etc::Preferences "/dev/null";',
    'Dir::Etc::PreferencesParts "/dev/null";',
    // A mirror's index may be weeks old; its signature is still checked.
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Languages "none";',
    'Acquire::PDiffs "false";',
    'Acquire::Retries "2";',
    'APT::Install-Recommends "false";',
    'Debug::NoLocking "true";', // we hold our own lock
    `APT::Sandbox::User "${userInfo().username}";`, // root would drop to _apt, which cannot write here
    '',
  ].join('\n');
}
