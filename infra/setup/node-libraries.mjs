// Libraries the pinned Node needs and a bare Debian lacks. Plain JavaScript: this runs before that Node can.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAptConfig } from './apt-config.mjs';

/** Debian's package for each library we know to be missing from a minimal installation. */
const PACKAGES = { 'libatomic.so.1': 'libatomic1' };
const LIBRARY_DIR = 'usr/lib/x86_64-linux-gnu';

/** Environment the pinned Node, and every Node it starts, has to run with; empty on most machines. */
export function nodeEnvironment(modules) {
  const dir = join(modules, '.hotline-libraries');
  return existsSync(dir) ? { LD_LIBRARY_PATH: dir } : {};
}

/** Makes `node` run, fetching a missing library privately if need be. Throws one line saying what to ask the administrator for. */
export function ensureNodeRuns(node, modules) {
  rmSync(join(modules, '.hotline-libraries'), { recursive: true, force: true });
  for (;;) {
    const env = { ...process.env, ...nodeEnvironment(modules) };
    const { status, stderr, error } = spawnSync(node, ['--version'], { env, encoding: 'utf8' });
    if (status === 0) return;
    const library = /loading shared libraries: (\S+):/.exec(stderr ?? '')?.[1];
    const name = PACKAGES[library];
    if (!name || existsSync(join(modules, '.hotline-libraries', library)))
      throw new Error(`the pinned Node does not run here: ${error?.message ?? stderr.trim()}`);
    fetchLibrary(name, library, modules);
  }
}

function fetchLibrary(name, library, modules) {
  const work = join(modules, '.hotline-apt');
  rmSync(work, { recursive: true, force: true });
  try {
    const config = writeAptConfig(work, null);
    const root = join(work, 'root');
    mkdirSync(root);
    command('apt-get', ['-c', config, '-q', 'update'], work);
    command('apt-get', ['-c', config, '-q', 'download', name], work);
    const deb = readdirSync(work).find((file) => file.startsWith(`${name}_`)) ?? name;
    command('dpkg-deb', ['-x', join(work, deb), root], work);
    cpSync(join(root, LIBRARY_DIR), join(modules, '.hotline-libraries'), {
      recursive: true,
      dereference: true,
    });
    process.stderr.write(`✓ ${library} for the pinned Node\n`);
  } catch (error) {
    throw new Error(
      `the pinned Node needs ${library}, which could not be fetched (${error.message}): ask the administrator for "apt-get install ${name}"`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function command(program, args, cwd) {
  const env = { ...process.env, LC_ALL: 'C' };
  const { status, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status === 0) return;
  const said = (stderr ?? '').trim().split('\n');
  throw new Error(error?.message ?? said.find((line) => line.startsWith('E:')) ?? said.at(-1));
}
