import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, tryRun } from '../setup/run.ts';
import type { Bundle } from './bundles.ts';
import { browserPrograms, inBundle, phonePrograms, postgresPrograms, telephonyPrograms } from './programs.ts';
import type { Program } from './types.ts';

/**
 * What maintainer scripts would have done and we need, done inside the bundle.
 * @param finalDir where the bundle will lie once it is complete (it is still being built in `dir`).
 */
export function finishBundle(bundle: Bundle, dir: string, finalDir: string): void {
  if (bundle.name === 'telephony') linkAsteriskData(dir);
  if (bundle.name === 'postgres') removeJit(dir);
  if (bundle.name === 'browser') writeFontConfig(dir, finalDir);
}

/** The packaged `sounds/en` is a link into /usr that dangles in a private root, hence a data folder of our own. */
function linkAsteriskData(dir: string): void {
  const data = inBundle.asteriskData(dir);
  mkdirSync(join(data, 'sounds'), { recursive: true });
  for (const name of ['documentation', 'rest-api', 'static-http']) {
    symlinkSync(join('..', 'root', 'usr/share/asterisk', name), join(data, name));
  }
  const sounds = join(inBundle.root(dir), 'usr/share/asterisk/sounds');
  const english = existsSync(sounds) ? readdirSync(sounds).find((name) => name.startsWith('en_')) : undefined;
  if (english)
    symlinkSync(join('..', '..', 'root', 'usr/share/asterisk/sounds', english), join(data, 'sounds/en'));
}

/** Without LLVM beside it the JIT provider would fail queries; without the provider Postgres silently does without. */
function removeJit(dir: string): void {
  const lib = join(postgresPrograms(dir).postgresBinDir, '..', 'lib');
  for (const name of ['llvmjit.so', 'bitcode']) rmSync(join(lib, name), { recursive: true, force: true });
}

function writeFontConfig(dir: string, finalDir: string): void {
  const fonts = join(inBundle.root(finalDir), 'usr/share/fonts');
  const families = ['WenQuanYi Micro Hei', 'DejaVu Sans'].map((name) => `<family>${name}</family>`).join('');
  writeFileSync(
    inBundle.fontConfig(dir),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>${fonts}</dir><cachedir prefix="xdg">hotline/fontconfig</cachedir>
<alias><family>sans-serif</family><prefer>${families}</prefer></alias></fontconfig>
`,
  );
}

/** Runs every program of the bundle once; the names and versions they answer. Throws when one does not run. */
export async function verifyBundle(bundle: Bundle, dir: string): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const [name, program, flag] of programsOf(bundle, dir)) {
    const result = await tryRun(program.command, [...program.args, flag], {
      env: program.env,
      timeoutMs: 30_000,
    });
    const version = /\d+(\.\d+)+/.exec(`${result.stdout}\n${result.stderr}`)?.[0];
    // sipp and baresip end with another code after printing their version
    if (!version || result.signal) throw new CommandFailed(name, result);
    versions[name] = version;
  }
  return versions;
}

function programsOf(bundle: Bundle, dir: string): [string, Program, string][] {
  switch (bundle.name) {
    case 'telephony': {
      const p = telephonyPrograms(dir);
      return [
        ['asterisk', p.asterisk, '-V'],
        ['prometheus', p.prometheus, '--version'],
        ['promtool', p.promtool, '--version'],
        ['espeak-ng', p.espeak, '--version'],
        ['sox', p.sox, '--version'],
      ];
    }
    case 'postgres': {
      const p = postgresPrograms(dir);
      return [
        ['postgres', p.postgres, '--version'],
        ['initdb', p.initdb, '--version'],
        ['psql', p.psql, '--version'],
      ];
    }
    case 'phones': {
      const p = phonePrograms(dir);
      return [
        ['sipp', p.sipp, '-v'],
        ['baresip', p.baresip, '-h'],
      ];
    }
    case 'browser':
      return [['chromium', browserPrograms(dir).chromium, '--version']];
    default:
      return bundle.name satisfies never;
  }
}
