import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { ToolsError } from './types.ts';

/**
 * The folder that holds the private roots, shared by all clones of one user:
 * `HOTLINE_TOOLS`, else the user's cache, else (home not writable) a folder in `HOTLINE_HOME`. For root it is the machine's
 * cache: Postgres refuses to run as root, and the user it runs as instead cannot look into root's home.
 * @throws {ToolsError} when none of them can be written.
 */
export function toolsDir(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.HOTLINE_TOOLS;
  if (chosen) {
    const problem = writeProblem(resolve(chosen));
    if (problem)
      throw new ToolsError(`HOTLINE_TOOLS=${chosen} cannot be written (${problem}): choose another folder`);
    return resolve(chosen);
  }
  const caches = userInfo().uid === 0 ? '/var/cache' : env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const cache = join(caches, 'hotline', 'tools');
  if (!writeProblem(cache)) return cache;
  const own = resolve(env.HOTLINE_HOME ?? '.hotline', 'tools');
  const problem = writeProblem(own);
  if (problem) {
    throw new ToolsError(
      `neither ${cache} nor ${own} can be written (${problem}): set HOTLINE_TOOLS to a folder of yours`,
    );
  }
  return own;
}

/** Null when the folder exists (or could be made) and is ours to write. */
function writeProblem(dir: string): string | null {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
