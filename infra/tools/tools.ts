import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { already, type Report } from '../setup/progress.ts';
import { openPrivateApt, type PrivateApt } from './apt.ts';
import { BUNDLES, type Bundle } from './bundles.ts';
import { findBundle, type InstalledBundle, installBundle } from './install-bundle.ts';
import {
  type AsteriskTools,
  browserPrograms,
  phonePrograms,
  postgresPrograms,
  telephonyPrograms,
} from './programs.ts';
import { debianMirror, installedKeyring, type Machine, NEWER_RELEASE, readMachine } from './release.ts';
import { systemAsterisk } from './system-asterisk.ts';
import { toolsDir } from './tools-dir.ts';
import { type RunTools, type ToolGroup, type Tools, ToolsError } from './types.ts';

export type { Program, RunTools, TestTools, ToolGroup, Tools } from './types.ts';
export { ToolsError } from './types.ts';

/**
 * Makes sure the programs of the wanted groups are installed and says where they are.
 * Installed ones are found in milliseconds; missing ones are downloaded from the machine's own package mirror into a private
 * folder: nothing on the machine itself changes, and no privileges are needed.
 * @throws {ToolsError} when something is missing that the set-up cannot provide itself.
 */
export function ensureTools(wanted: readonly ['run'], report: Report): Promise<RunTools>;
export function ensureTools(wanted: readonly ['run', 'test'], report: Report): Promise<Tools>;
export async function ensureTools(wanted: readonly ToolGroup[], report: Report): Promise<RunTools | Tools> {
  const machine = readMachine();
  const tools = toolsDir();
  const bundles = await ensureBundles(
    BUNDLES.filter((bundle) => wanted.includes(bundle.group)),
    machine,
    tools,
    report,
  );
  const dirOf = (name: Bundle['name']): string => {
    const found = bundles.get(name);
    if (!found) throw new ToolsError(`${name} was not asked for`);
    return found.dir;
  };
  const runTools: RunTools = {
    ...telephonyPrograms(dirOf('telephony')),
    asteriskVersion: bundles.get('telephony')?.versions.asterisk ?? 'unknown',
    ...postgresPrograms(dirOf('postgres')),
    ...(await goodSystemAsterisk(report)),
  };
  if (!wanted.includes('test')) return runTools;
  return { ...runTools, ...phonePrograms(dirOf('phones')), ...browserPrograms(dirOf('browser')) };
}

/** Bundles of different releases are installed at the same time; those of one release share an apt state, one by one. */
async function ensureBundles(
  bundles: readonly Bundle[],
  machine: Machine,
  tools: string,
  report: Report,
): Promise<Map<Bundle['name'], InstalledBundle>> {
  const found = new Map<Bundle['name'], InstalledBundle>();
  const ensure = async (release: Bundle['release']) => {
    const codename = release === 'own' ? machine.codename : NEWER_RELEASE;
    let apt: PrivateApt | null = null;
    const openApt = async () => {
      apt ??= await aptOf(release, machine, tools);
      return apt;
    };
    for (const bundle of bundles.filter((candidate) => candidate.release === release)) {
      const installed = findBundle(bundle, tools, codename);
      if (installed) already(report, describe(installed));
      found.set(bundle.name, installed ?? (await installBundle(bundle, tools, codename, openApt, report)));
    }
  };
  await Promise.all([ensure('newer'), ensure('own')]);
  return found;
}

function describe(bundle: InstalledBundle): string {
  return Object.entries(bundle.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

async function aptOf(release: Bundle['release'], machine: Machine, tools: string): Promise<PrivateApt> {
  const own = join(tools, 'apt', machine.codename);
  if (release === 'own') return openPrivateApt(own, null);
  const empty = join(tools, 'apt', 'empty');
  mkdirSync(join(empty, 'partial'), { recursive: true });
  const mirror = await debianMirror(machine, empty);
  const keyring = installedKeyring();
  if (!keyring) {
    throw new ToolsError(
      `Debian's signing keys are not on this ${machine.prettyName}: ask the administrator for "apt-get install debian-archive-keyring"`,
    );
  }
  return openPrivateApt(
    join(tools, 'apt', NEWER_RELEASE),
    `deb [signed-by=${keyring}] ${mirror} ${NEWER_RELEASE} main`,
  );
}

async function goodSystemAsterisk(report: Report): Promise<AsteriskTools | null> {
  const system = await systemAsterisk();
  if (system && 'why' in system) report(`· ${system.why}`);
  if (system && 'use' in system) report(`· asterisk ${system.use.asteriskVersion} of the machine is used`);
  return system && 'use' in system ? system.use : null;
}
