import type { Program } from '../tools/types.ts';

/**
 * The Node that runs us, which is the pinned one, for programs that get an environment of their own: on a bare system it
 * needs a library that the set-up fetched, and the path to it.
 */
export function ourNode(...args: string[]): Program {
  const path = process.env.LD_LIBRARY_PATH;
  return { command: process.execPath, args, env: path === undefined ? {} : { LD_LIBRARY_PATH: path } };
}
