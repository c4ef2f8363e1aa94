import { execFile } from 'node:child_process';
import { lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from '../tools/types.ts';
import { PartError } from './part.ts';

const run = promisify(execFile);
const nobody = 65534;

/**
 * Whom programs run as that must not or need not be root.
 * - `self`: we are an ordinary user already.
 * - `mapped`: root, seen by the program as nobody, in a user namespace of its own: no capability over the machine, and our files,
 *   which belong to root, stay readable without giving them away.
 * - `nobody`: root gives the program to user nobody; its files must belong to nobody.
 */
export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'mapped'; readonly unshare: string }
  | { readonly kind: 'nobody'; readonly setpriv: string };

/**
 * Finds the best identity this machine allows.
 * @param paths what the programs must be able to reach: the home, and the programs themselves.
 * @throws {PartError} when we are root and cannot give that up.
 */
export async function chooseIdentity(paths: readonly string[]): Promise<Identity> {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const mapped = { kind: 'mapped', unshare: 'unshare' } as const;
  if (await works(asIdentity(mapped, { command: 'true', args: [], env: {} }))) return mapped;
  const plain = { kind: 'nobody', setpriv: 'setpriv' } as const;
  const closed = paths.map(closedParent).find((folder) => folder !== null) ?? null;
  if (closed === null && (await works(asIdentity(plain, { command: 'true', args: [], env: {} }))))
    return plain;
  throw new PartError(
    'Postgres and Asterisk refuse to run as root or should not, and this machine offers no way to give root up: ' +
      `user namespaces are off, and ${closed === null ? 'setpriv is missing' : `${closed} is closed to other users`}. ` +
      'Start the service as an ordinary user, or set HOTLINE_HOME and HOTLINE_TOOLS to folders under one that others may enter.',
  );
}

/** The same program under that identity; it replaces its helper, so its process id is the one that was started. */
export function asIdentity(identity: Identity, program: Program): Program {
  switch (identity.kind) {
    case 'self':
      return program;
    case 'mapped':
      return {
        ...program,
        command: identity.unshare,
        args: [
          '--user',
          `--map-user=${nobody}`,
          `--map-group=${nobody}`,
          '--',
          program.command,
          ...program.args,
        ],
      };
    case 'nobody':
      return {
        ...program,
        command: identity.setpriv,
        args: [
          `--reuid=${nobody}`,
          `--regid=${nobody}`,
          '--clear-groups',
          '--no-new-privs',
          '--',
          program.command,
          ...program.args,
        ],
      };
    default:
      return identity satisfies never;
  }
}

/** Gives folders and all in them to whom the programs run as; what belongs to it already is left alone. */
export function giveTo(identity: Identity, ...folders: readonly string[]): void {
  if (identity.kind === 'self') return;
  const owner = identity.kind === 'nobody' ? nobody : 0;
  for (const folder of folders) {
    const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((entry) =>
      join(folder, entry),
    );
    for (const entry of [...entries, folder]) {
      if (lstatSync(entry).uid !== owner) lchownSync(entry, owner, owner);
    }
  }
}

async function works(program: Program): Promise<boolean> {
  try {
    await run(program.command, [...program.args], { timeout: 5000 });
    return true;
  } catch {
    // Any failure means the same: this way is closed on this machine.
    return false;
  }
}

function closedParent(folder: string): string | null {
  for (let at = dirname(folder); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return at;
    if (at === dirname(at)) return null;
  }
}
