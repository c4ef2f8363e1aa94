import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from '../setup/lock.mjs';
import type { Report } from '../setup/progress.ts';
import { run } from '../setup/run.ts';
import type { PrivateApt } from './apt.ts';
import { type Bundle, recipeHash } from './bundles.ts';
import { finishBundle, verifyBundle } from './finish-bundle.ts';
import { inBundle } from './programs.ts';
import { explainAptFailure } from './release.ts';

const ATTEMPTS = 3;
const PARALLEL_UNPACKS = 2;

/** A complete bundle: its folder, and the versions its programs answered when it was built. */
export type InstalledBundle = { dir: string; versions: Record<string, string> };

/** The bundle if it is complete, else null. A bundle gets its final name only after every program of it has run. */
export function findBundle(bundle: Bundle, tools: string, release: string): InstalledBundle | null {
  const dir = bundleDir(bundle, tools, release);
  const manifest = join(dir, 'versions.json');
  if (!existsSync(manifest)) return null;
  return { dir, versions: JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string> };
}

/**
 * Downloads and unpacks a bundle in a temporary folder beside its final one, verifies it, then renames it: others see all of
 * it or nothing. Tried {@link ATTEMPTS} times with a fresh package index; one installation at a time per release.
 * @param openApt called only when something is to be installed.
 */
export async function installBundle(
  bundle: Bundle,
  tools: string,
  release: string,
  openApt: () => Promise<PrivateApt>,
  report: Report,
): Promise<InstalledBundle> {
  const dir = bundleDir(bundle, tools, release);
  const wait = (pid: number) => report(`· ${bundle.name}: waiting for another set-up (process ${pid})`);
  return withLock(
    join(tools, `${release}.lock`),
    async () => {
      const found = findBundle(bundle, tools, release);
      if (found) return found;
      removeLeftovers(bundle, tools);
      // named by process: programs that an interrupted set-up left running write into its folder, not into ours
      const building = `${dir}.${process.pid}.building`;
      for (let attempt = 1; ; attempt++) {
        try {
          return await build(bundle, building, dir, openApt, report);
        } catch (error) {
          rmSync(building, { recursive: true, force: true });
          const explained = explainAptFailure(error, bundle.name, tools);
          if (attempt === ATTEMPTS || / is full; /.test(explained.message)) throw explained;
          report(`· attempt ${attempt} of ${ATTEMPTS} failed: ${explained.message}; trying again`);
          await pause(attempt * 3000);
        }
      }
    },
    wait,
  );
}

async function build(
  bundle: Bundle,
  building: string,
  dir: string,
  openApt: () => Promise<PrivateApt>,
  report: Report,
): Promise<InstalledBundle> {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const apt = await openApt();
  const debs = join(building, 'debs');
  mkdirSync(debs, { recursive: true });
  const bytes = await fetchPackages(bundle, apt, debs);
  report(
    `  ${bundle.name}: ${readdirSync(debs).length} packages, ${(bytes / 1e6).toFixed(0)} MB downloaded … ${seconds()}`,
  );
  await unpack(debs, inBundle.root(building));
  rmSync(debs, { recursive: true });
  finishBundle(bundle, building, dir);
  const versions = await verifyBundle(bundle, building);
  writeFileSync(join(building, 'versions.json'), JSON.stringify(versions));
  renameSync(building, dir);
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  report(`✓ ${names.join(', ')} … ${seconds()}`);
  return { dir, versions };
}

/** Downloads what the bundle needs into `debs`; its size in bytes. */
async function fetchPackages(bundle: Bundle, apt: PrivateApt, debs: string): Promise<number> {
  try {
    await apt.ensureIndex();
    const plan = await apt.plan(bundle.packages);
    const wanted = plan.filter((entry) => !bundle.leaveOut.test(entry.name));
    await apt.download(
      wanted.map((entry) => entry.name),
      debs,
    );
    return wanted.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  } catch (error) {
    apt.forgetIndex(); // the mirror may have moved on (404): the next attempt asks it again
    throw error;
  }
}

async function unpack(debs: string, root: string): Promise<void> {
  mkdirSync(root, { recursive: true });
  const files = readdirSync(debs).filter((name) => name.endsWith('.deb'));
  const worker = async () => {
    for (let file = files.pop(); file; file = files.pop()) {
      await run('dpkg-deb', ['-x', join(debs, file), root], { env: { LC_ALL: 'C' } });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_UNPACKS }, worker));
}

/** What an interrupted installation left; we hold the lock, so nobody is building it. Old recipes' bundles stay. */
function removeLeftovers(bundle: Bundle, tools: string): void {
  for (const name of readdirSync(tools)) {
    if (name.startsWith(`${bundle.name}-`) && name.endsWith('.building')) {
      rmSync(join(tools, name), { recursive: true, force: true });
    }
  }
}

function bundleDir(bundle: Bundle, tools: string, release: string): string {
  return join(tools, `${bundle.name}-${recipeHash(bundle, release)}`);
}
