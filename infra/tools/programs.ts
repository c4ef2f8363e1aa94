import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, type RunTools, type TestTools, ToolsError } from './types.ts';

const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
/** Packages of older releases still carry /lib beside /usr/lib. */
const LIBRARY_DIRS = [LIBRARIES, 'lib/x86_64-linux-gnu', `${LIBRARIES}/pulseaudio`, 'usr/lib'];

/** Where things lie inside an unpacked bundle: `root` is the private root, the rest is ours. */
export const inBundle = {
  root: (bundle: string): string => join(bundle, 'root'),
  asteriskData: (bundle: string): string => join(bundle, 'asterisk-data'),
  fontConfig: (bundle: string): string => join(bundle, 'fonts.conf'),
};

/**
 * A program of a newer release: started through that root's loader, so that it and all it opens come from there. The
 * loader passes nothing on to children, so children are the machine's own programs with the machine's libraries.
 */
function throughLoader(bundle: string, path: string, env: Record<string, string> = {}): Program {
  const root = inBundle.root(bundle);
  const libraries = LIBRARY_DIRS.map((dir) => join(root, dir)).join(':');
  return {
    command: join(root, 'usr/lib64/ld-linux-x86-64.so.2'),
    args: ['--library-path', libraries, '--argv0', join(root, path), join(root, path)],
    env,
  };
}

/** A program of the machine's own release: the machine's loader and C library fit, only its libraries lie elsewhere. */
function withLibraries(bundle: string, path: string, env: Record<string, string> = {}): Program {
  const root = inBundle.root(bundle);
  const libraries = LIBRARY_DIRS.map((dir) => join(root, dir)).join(':');
  return { command: join(root, path), args: [], env: { LD_LIBRARY_PATH: libraries, ...env } };
}

/** Asterisk and all that belongs to it; replaced as a whole when the machine has a good one of its own. */
export type AsteriskTools = Pick<
  RunTools,
  'asterisk' | 'asteriskVersion' | 'asteriskModulesDir' | 'asteriskDataDir' | 'asteriskRestApiDir'
>;

export function telephonyPrograms(bundle: string) {
  const root = inBundle.root(bundle);
  return {
    asterisk: throughLoader(bundle, 'usr/sbin/asterisk'),
    asteriskModulesDir: join(root, LIBRARIES, 'asterisk/modules'),
    asteriskDataDir: inBundle.asteriskData(bundle),
    asteriskRestApiDir: join(root, 'usr/share/asterisk/rest-api'),
    prometheus: throughLoader(bundle, 'usr/bin/prometheus'),
    promtool: throughLoader(bundle, 'usr/bin/promtool'),
    espeak: throughLoader(bundle, 'usr/bin/espeak-ng', { ESPEAK_DATA_PATH: join(root, LIBRARIES) }),
    sox: throughLoader(bundle, 'usr/bin/sox'),
  };
}

export function postgresPrograms(bundle: string) {
  const major = postgresMajor(bundle);
  const bin = `usr/lib/postgresql/${major}/bin`;
  return {
    postgresMajor: major,
    postgresBinDir: join(inBundle.root(bundle), bin),
    initdb: withLibraries(bundle, `${bin}/initdb`),
    postgres: withLibraries(bundle, `${bin}/postgres`),
    pgCtl: withLibraries(bundle, `${bin}/pg_ctl`),
    psql: withLibraries(bundle, `${bin}/psql`),
  };
}

export function phonePrograms(bundle: string): Omit<TestTools, 'chromium'> {
  return {
    sipp: throughLoader(bundle, 'usr/bin/sipp'),
    baresip: throughLoader(bundle, 'usr/bin/baresip'),
    baresipModulesDir: join(inBundle.root(bundle), 'usr/lib/baresip/modules'),
  };
}

export function browserPrograms(bundle: string): Pick<TestTools, 'chromium'> {
  return {
    chromium: withLibraries(bundle, 'usr/lib/chromium/chromium', {
      FONTCONFIG_FILE: inBundle.fontConfig(bundle),
    }),
  };
}

function postgresMajor(bundle: string): number {
  const dir = join(inBundle.root(bundle), 'usr/lib/postgresql');
  const major = existsSync(dir) ? Number(readdirSync(dir)[0]) : Number.NaN;
  if (!Number.isInteger(major))
    throw new ToolsError(`${dir}: no PostgreSQL there; remove ${bundle} and run again`);
  return major;
}
