import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tryRun } from '../setup/run.ts';
import type { AsteriskTools } from './programs.ts';

/** The oldest Asterisk whose ARI does all we rely on (claiming, REST over WebSocket, RTP counters at hang-up). */
const OLDEST_GOOD = { major: 22, minor: 10 };

const BINARIES = ['/usr/sbin/asterisk', '/usr/local/sbin/asterisk'];
const MODULE_DIRS = [
  '/usr/lib/x86_64-linux-gnu/asterisk/modules',
  '/usr/lib/asterisk/modules',
  '/usr/lib64/asterisk/modules',
];
const DATA_DIRS = ['/usr/share/asterisk', '/var/lib/asterisk'];

/** An Asterisk the machine already has: `use` it, or `why` not (to be told to the operator), or null when there is none. */
export type SystemAsterisk = { use: AsteriskTools } | { why: string } | null;

/** Looks for an Asterisk of the machine's own and judges whether it will do. */
export async function systemAsterisk(): Promise<SystemAsterisk> {
  const command = BINARIES.find((path) => existsSync(path));
  if (!command) return null;
  const { stdout } = await tryRun(command, ['-V'], { timeoutMs: 10_000 });
  const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? 'unknown';
  if (!isGoodVersion(version)) {
    const need = `${OLDEST_GOOD.major}.${OLDEST_GOOD.minor}`;
    return {
      why: `the machine's Asterisk ${version} (${command}) is older than ${need}: using a private one`,
    };
  }
  const asteriskModulesDir = MODULE_DIRS.find((dir) => existsSync(join(dir, 'res_ari.so')));
  const asteriskDataDir = DATA_DIRS.find((dir) => existsSync(join(dir, 'documentation/core-en_US.xml')));
  if (!asteriskModulesDir || !asteriskDataDir || !existsSync(join(asteriskDataDir, 'rest-api'))) {
    return { why: `the machine's Asterisk ${version} lacks ARI or its documentation: using a private one` };
  }
  return {
    use: {
      asterisk: { command, args: [], env: {} },
      asteriskVersion: version,
      asteriskModulesDir,
      asteriskDataDir,
      asteriskRestApiDir: join(asteriskDataDir, 'rest-api'),
    },
  };
}

/** Pure. "22.10.1" and anything newer is good; "unknown" is not. */
export function isGoodVersion(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_GOOD.major || (major === OLDEST_GOOD.major && minor >= OLDEST_GOOD.minor);
}
