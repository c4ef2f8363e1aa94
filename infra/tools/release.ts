import { existsSync, readFileSync } from 'node:fs';
import { CommandFailed, run } from '../setup/run.ts';
import { ToolsError } from './types.ts';

/** The Debian release that has Asterisk 22.10; its programs run on the machine through their own loader. */
export const NEWER_RELEASE = 'forky';

/** What the machine runs: its own packages are the ones that fit its C library. */
export type Machine = { id: string; codename: string; prettyName: string };

/** Reads os-release(5). @throws {ToolsError} when this is not a Debian or Ubuntu. */
export function readMachine(path = '/etc/os-release'): Machine {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const value = (key: string): string => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  const machine = { id: value('ID'), codename: value('VERSION_CODENAME'), prettyName: value('PRETTY_NAME') };
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb') || !machine.codename) {
    throw new ToolsError(
      `this machine (${machine.prettyName || 'unknown system'}) has no apt-get and dpkg-deb: hotline sets itself up on Debian 12+ and Ubuntu 24.04+`,
    );
  }
  return machine;
}

/**
 * The Debian mirror to take {@link NEWER_RELEASE} from: the one the machine's own apt uses, so that what was set up for
 * this network (mirrors, proxies) holds for us too. `HOTLINE_DEBIAN_MIRROR` wins.
 * @param emptyDir an empty folder: without downloaded lists apt names every source it would ask.
 */
export async function debianMirror(machine: Machine, emptyDir: string, env = process.env): Promise<string> {
  const chosen = env.HOTLINE_DEBIAN_MIRROR;
  if (chosen) return chosen;
  if (machine.id === 'debian') {
    const listed = await run('apt-get', [
      ...['-o', `Dir::State::lists=${emptyDir}`, '-o', 'Debug::NoLocking=true'],
      ...['update', '--print-uris'],
    ]);
    const mirror = mirrorIn(listed.stdout, machine.codename);
    if (mirror) return mirror;
  }
  throw new ToolsError(
    `no Debian mirror is known to apt on this ${machine.prettyName}: set HOTLINE_DEBIAN_MIRROR to the URL of one (Asterisk 22.10 comes from Debian ${NEWER_RELEASE})`,
  );
}

/** Finds the mirror of `codename` itself (not its updates or security) in `apt-get update --print-uris`. Pure. */
export function mirrorIn(printedUris: string, codename: string): string | null {
  const line = new RegExp(`^'(\\S+?)/+dists/${codename}/InRelease'`, 'm').exec(printedUris);
  return line?.[1] ?? null;
}

/** Debian's signing keys as the machine has them; null on a machine without the package debian-archive-keyring. */
export function installedKeyring(): string | null {
  const candidates = ['debian-archive-keyring.gpg', 'debian-archive-keyring.pgp'];
  return candidates.map((name) => `/usr/share/keyrings/${name}`).find((path) => existsSync(path)) ?? null;
}

/** One line for a person about a failed apt run: what failed, where, and what to do. */
export function explainAptFailure(error: unknown, what: string, dir: string): ToolsError {
  const said =
    error instanceof CommandFailed
      ? error.result.stderr
      : error instanceof Error
        ? error.message
        : String(error);
  const detail =
    said.split('\n').find((line) => /^(E:|Err:)|ENOSPC/.test(line)) ?? said.trim().split('\n').at(-1) ?? '';
  if (/No space left on device|ENOSPC|not enough free space/i.test(said)) {
    return new ToolsError(
      `${what}: the disk of ${dir} is full; free some space or set HOTLINE_TOOLS to another disk`,
    );
  }
  if (
    /resolv|Unable to connect|Could not connect|Connection (failed|refused|timed out)|Network is unreachable/i.test(
      said,
    )
  ) {
    return new ToolsError(
      `${what}: the package mirror cannot be reached (${detail}); check the network, or apt's sources and proxy`,
    );
  }
  return new ToolsError(`${what}: ${detail}`);
}
