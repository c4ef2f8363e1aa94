import { BlockList, isIP, isIPv4 } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { portClashes } from './config-ports.ts';

/** Every setting of the service, validated and frozen. Read once at start; nothing else reads the environment. */
export type Config = Readonly<{
  /** The clone this runs from. */
  repoDir: string;
  /** All state: Asterisk, Postgres data, journal, recordings, secrets. Mode 0700. */
  homeDir: string;
  /** Which Asterisk this is; part of every call's id. */
  nodeId: string;
  /** Address the UI, SIP, RTP, Asterisk's HTTP and Prometheus listen on. Postgres and AMI stay on 127.0.0.1. */
  bindAddress: string;
  /** Where this machine reaches what listens on `bindAddress`. */
  localAddress: string;
  httpPort: number;
  sipPort: number;
  /** SIP over TLS. */
  sipTlsPort: number;
  /** ARI and SIP over WebSocket (`/ws`). */
  asteriskHttpPort: number;
  /** The same with TLS. */
  asteriskHttpsPort: number;
  amiPort: number;
  pgPort: number;
  prometheusPort: number;
  /** Both ends belong to the range. */
  rtpPorts: Readonly<{ first: number; last: number }>;
  /** Networks whose calls are taken without a password. */
  trunks: readonly string[];
  /** A carrier's caller from whom no sound has come for so long is gone (seconds); on hold, ten times as long. */
  trunkSilenceS: number;
  /**
   * Whether agents pass callers on with the transfer key of their phones too, not only at the desk. Off: the key is refused. With Asterisk before
   * 22.11 a phone that sends `Refer-Sub: false` with it ends Asterisk (asterisk#2021).
   */
  transferKey: boolean;
  /** Where calls of ours to outside numbers go (a carrier's SIP address and port); null: none are made. */
  outboundTrunk: Readonly<{ host: string; port: number }> | null;
  /**
   * Voicemail is kept in `dir` (where Asterisk writes it) for this many days, and taken as long as all recordings together are below
   * this many megabytes.
   */
  recordings: Readonly<{ dir: string; days: number; megabytes: number }>;
  /** Tasks are kept for so many days after they were done; open ones stay. */
  tasksDays: number;
  /** `embedded`: we run Postgres ourselves; `external`: `DATABASE_URL` was given. */
  databaseKind: 'embedded' | 'external';
  /** The database to use; null until the supervisor of an embedded one says (`HOTLINE_DATABASE_URL`). Holds a password. */
  databaseUrl: string | null;
  /** What speaks the prompts at set-up, if not the voice in the box: a command line, or the address of a service and its token (secret). */
  speech: Readonly<{ command: string | null; url: string | null; token: string | null }>;
  /** Definition of hotlines, queues and agents. */
  centreFile: string;
  /** The flow files that people write; what is in force is kept in the home. */
  flowsDir: string;
  /** What flows can look up, and where. */
  lookupsFile: string;
  /** The database that lookups ask; null: the service's own. Holds a password. */
  lookupDatabaseUrl: string | null;
  credentialsFile: string;
  secretsFile: string;
  /** Built web pages. */
  uiDir: string;
  /** IANA name; days and 15-minute intervals are cut in it. */
  timeZone: string;
  logLevel: LogLevel;
  /** Whether a second controller of this home waits to take over from the first. */
  standby: boolean;
  /**
   * Address of the machine whose Asterisk this controller serves when the one there does not; null: this machine's own. Then only
   * the controller runs here.
   */
  standbyOf: string | null;
  /** Where Asterisk's HTTP is reached. */
  asteriskAddress: string;
  /** Settings that work but are probably not what was meant; one line each. */
  warnings: readonly string[];
}>;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One or more settings are wrong. `problems` has one line each: which setting, what is wrong, what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`${problems.length} wrong setting(s):\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the settings from environment variables; unset and empty ones take their default.
 * @throws {ConfigError} naming every bad setting at once.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  repoDir: string = dirname(import.meta.dirname),
): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const raw = parsed.data;
  const homeDir = resolve(repoDir, raw.HOTLINE_HOME);
  const config: Config = {
    repoDir,
    homeDir,
    nodeId: raw.HOTLINE_NODE_ID,
    bindAddress: raw.HOTLINE_BIND,
    localAddress: raw.HOTLINE_BIND === '0.0.0.0' ? '127.0.0.1' : raw.HOTLINE_BIND,
    httpPort: raw.HOTLINE_HTTP_PORT,
    sipPort: raw.HOTLINE_SIP_PORT,
    sipTlsPort: raw.HOTLINE_SIP_PORT + 1,
    asteriskHttpPort: raw.HOTLINE_ASTERISK_HTTP_PORT,
    asteriskHttpsPort: raw.HOTLINE_ASTERISK_HTTP_PORT + 1,
    amiPort: raw.HOTLINE_AMI_PORT ?? raw.HOTLINE_ASTERISK_HTTP_PORT + 2,
    pgPort: raw.HOTLINE_PG_PORT,
    prometheusPort: raw.HOTLINE_PROMETHEUS_PORT,
    rtpPorts: Object.freeze(raw.HOTLINE_RTP_PORTS),
    trunks: Object.freeze(raw.HOTLINE_TRUNKS),
    trunkSilenceS: raw.HOTLINE_TRUNK_SILENCE_S,
    transferKey: raw.HOTLINE_TRANSFER_KEY === 'on',
    outboundTrunk: Object.freeze(raw.HOTLINE_OUTBOUND_TRUNK ?? null),
    recordings: Object.freeze({
      dir: join(homeDir, 'asterisk', 'spool', 'recording'),
      days: raw.HOTLINE_RECORDINGS_DAYS,
      megabytes: raw.HOTLINE_RECORDINGS_MB,
    }),
    tasksDays: raw.HOTLINE_TASKS_DAYS,
    databaseKind: raw.DATABASE_URL === undefined ? 'embedded' : 'external',
    databaseUrl: raw.HOTLINE_DATABASE_URL ?? raw.DATABASE_URL ?? null,
    speech: Object.freeze({
      command: raw.HOTLINE_TTS_COMMAND ?? null,
      url: raw.HOTLINE_TTS_URL ?? null,
      token: raw.HOTLINE_TTS_TOKEN ?? null,
    }),
    centreFile: resolve(repoDir, raw.HOTLINE_CENTRE),
    flowsDir: resolve(repoDir, raw.HOTLINE_FLOWS),
    lookupsFile: resolve(repoDir, raw.HOTLINE_LOOKUPS),
    lookupDatabaseUrl: raw.HOTLINE_LOOKUP_DATABASE_URL ?? null,
    credentialsFile: resolve(repoDir, raw.HOTLINE_CREDENTIALS ?? join(homeDir, 'credentials.json')),
    secretsFile: resolve(repoDir, raw.HOTLINE_SECRETS ?? join(homeDir, 'secrets.json')),
    uiDir: resolve(repoDir, raw.HOTLINE_UI_DIR ?? join(homeDir, 'ui')),
    timeZone: raw.HOTLINE_TIME_ZONE,
    logLevel: raw.HOTLINE_LOG_LEVEL,
    standby: raw.HOTLINE_STANDBY === 'on',
    standbyOf: raw.HOTLINE_STANDBY_OF ?? null,
    asteriskAddress:
      raw.HOTLINE_STANDBY_OF ?? (raw.HOTLINE_BIND === '0.0.0.0' ? '127.0.0.1' : raw.HOTLINE_BIND),
    warnings: Object.freeze([...unknownSettings(given), ...trunkWarnings(raw.HOTLINE_TRUNKS)]),
  };
  if (config.standbyOf !== null && config.databaseUrl === null)
    throw new ConfigError([
      'DATABASE_URL: is not set; a standby on another machine needs the Postgres of the one it stands by for',
    ]);
  const clashes = portClashes(config);
  if (clashes.length > 0) throw new ConfigError(clashes);
  return Object.freeze(config);
}

const port = (last = 65535) =>
  z
    .string()
    .regex(/^\d{1,5}$/, {
      error: (issue) => `"${issue.input}" is not a port; give a whole number from 1 to ${last}`,
    })
    .transform(Number)
    .refine((value) => value >= 1 && value <= last, {
      error: (issue) => `${issue.input} is out of range; give a port from 1 to ${last}`,
    });

const seconds = (first: number, last: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, {
      error: (issue) => `"${issue.input}" is no whole number of seconds; give one from ${first} to ${last}`,
    })
    .transform(Number)
    .refine((value) => value >= first && value <= last, {
      error: (issue) => `${issue.input} is out of range; give ${first} to ${last} seconds`,
    });

const count = (what: string, first: number, last: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/, {
      error: (issue) => `"${issue.input}" is no whole number of ${what}; give one from ${first} to ${last}`,
    })
    .transform(Number)
    .refine((value) => value >= first && value <= last, {
      error: (issue) => `${issue.input} is out of range; give ${first} to ${last} ${what}`,
    });

const hostAndPort = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?:\d{1,5}$/i, {
    error: (issue) => `"${issue.input}" is not an address and port; write 203.0.113.7:5060`,
  })
  .transform((value) => {
    const at = value.lastIndexOf(':');
    return { host: value.slice(0, at), port: Number(value.slice(at + 1)) };
  })
  .refine(({ port: number }) => number >= 1 && number <= 65535, {
    error: (issue) => `port ${issue.input?.toString() ?? ''} is out of range; give one from 1 to 65535`,
  });

// Asterisk's configuration files give these characters a meaning and have no way to quote a path.
export const unsafeInPath = /[^\p{L}\p{N}/._ +@~:-]/u;
const path = z.string().refine((value) => !unsafeInPath.test(value), {
  error: (issue) =>
    `"${issue.input}" has a character that Asterisk's files cannot hold; use letters, digits and / . _ - + @ ~`,
});

const rtpRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, {
    error: (issue) => `"${issue.input}" is not a range; write it as 10000-19999`,
  })
  .transform((value) => {
    const [first = 0, last = 0] = value.split('-').map(Number);
    return { first, last };
  })
  .refine(({ first, last }) => first >= 1024 && last <= 65535 && last - first >= 19, {
    error: 'needs at least 20 ports between 1024 and 65535, the lower number first; a call uses 4',
  });

const trunks = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .superRefine((parts, context) => {
    for (const part of parts) {
      const problem = trunkProblem(part);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    }
  });

const databaseUrl = z.string().superRefine((value, context) => {
  // The value is never repeated in the message: it may hold a password.
  const url = URL.parse(value);
  const right =
    url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1;
  if (!right) {
    context.addIssue({
      code: 'custom',
      message:
        'is not a Postgres address; write postgres://user:password@host:5432/database, or unset it to use the embedded one',
    });
  }
});

const onOrOff = z
  .enum(['on', 'off'], { error: (issue) => `"${issue.input}" is neither on nor off` })
  .prefault('off');

const settings = z.object({
  HOTLINE_HOME: path.prefault('.hotline'),
  HOTLINE_HTTP_PORT: port().prefault('8080'),
  HOTLINE_SIP_PORT: port(65534).prefault('5060'),
  HOTLINE_ASTERISK_HTTP_PORT: port(65533).prefault('8088'),
  HOTLINE_AMI_PORT: port().optional(),
  HOTLINE_PG_PORT: port().prefault('5433'),
  HOTLINE_PROMETHEUS_PORT: port().prefault('9090'),
  HOTLINE_RTP_PORTS: rtpRange.prefault('10000-19999'),
  HOTLINE_BIND: z
    .string()
    .refine(isIPv4, {
      error: (issue) => `"${issue.input}" is not an IPv4 address; give one such as 127.0.0.1 or 0.0.0.0`,
    })
    .prefault('127.0.0.1'),
  HOTLINE_TRUNKS: trunks.prefault('127.0.0.2/32'),
  HOTLINE_TRUNK_SILENCE_S: seconds(5, 3600).prefault('60'),
  HOTLINE_TRANSFER_KEY: onOrOff,
  HOTLINE_OUTBOUND_TRUNK: hostAndPort.optional(),
  HOTLINE_RECORDINGS_DAYS: count('days', 1, 3650).prefault('90'),
  HOTLINE_RECORDINGS_MB: count('megabytes', 1, 1_000_000).prefault('2000'),
  HOTLINE_TASKS_DAYS: count('days', 7, 3650).prefault('365'),
  HOTLINE_TTS_COMMAND: z.string().optional(),
  HOTLINE_TTS_URL: z
    .string()
    // Not repeated: it may hold a key.
    .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), {
      error: 'is not an address; write https://speech.example/v1',
    })
    .optional(),
  HOTLINE_TTS_TOKEN: z.string().optional(),
  HOTLINE_CENTRE: path.prefault('dialplans/centre.yaml'),
  HOTLINE_FLOWS: path.prefault('dialplans/ivr'),
  HOTLINE_LOOKUPS: path.prefault('dialplans/lookups.yaml'),
  HOTLINE_LOOKUP_DATABASE_URL: databaseUrl.optional(),
  HOTLINE_NODE_ID: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/, {
      error: (issue) =>
        `"${issue.input}" is not a node id; use 1 to 16 lower-case letters and digits, a letter first`,
    })
    .prefault('n1'),
  HOTLINE_LOG_LEVEL: z
    .enum(logLevels, {
      error: (issue) => `"${issue.input}" is not a level; use one of ${logLevels.join(', ')}`,
    })
    .prefault('info'),
  HOTLINE_STANDBY: onOrOff,
  HOTLINE_STANDBY_OF: z
    .string()
    .refine(isIPv4, {
      error: (issue) =>
        `"${issue.input}" is not an IPv4 address; give that of the machine where Asterisk runs`,
    })
    .optional(),
  HOTLINE_TIME_ZONE: z
    .string()
    .refine(isTimeZone, {
      error: (issue) => `"${issue.input}" is not a time zone; give a name such as Asia/Shanghai`,
    })
    .prefault('Asia/Shanghai'),
  DATABASE_URL: databaseUrl.optional(),
  HOTLINE_DATABASE_URL: databaseUrl.optional(),
  HOTLINE_CREDENTIALS: path.optional(),
  HOTLINE_SECRETS: path.optional(),
  HOTLINE_UI_DIR: path.optional(),
});

/** Variables of ours that are read elsewhere (set-up, tests); not a mistake when present. */
const readElsewhere = new Set([
  'HOTLINE_TOOLS',
  'HOTLINE_DEBIAN_MIRROR',
  'HOTLINE_TEST_SEED',
  'HOTLINE_TEST_SEEDS',
]);

function unknownSettings(given: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(given)
    .filter((name) => name.startsWith('HOTLINE_') && !(name in settings.shape) && !readElsewhere.has(name))
    .map((name) => `${name} is not a setting of this service and changes nothing; check its spelling`);
}

function trunkProblem(trunk: string): string | null {
  const [address = '', prefix, ...rest] = trunk.split('/');
  const family = isIP(address);
  const bits =
    prefix === undefined ? (family === 6 ? 128 : 32) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (family === 0 || rest.length > 0 || bits < 0 || bits > (family === 6 ? 128 : 32)) {
    return `"${trunk}" is not an address or network; write 203.0.113.7 or 203.0.113.0/24, several with commas`;
  }
  return bits < 8
    ? `${trunk} would let anyone call without a password; name the carrier's own addresses`
    : null;
}

function trunkWarnings(networks: readonly string[]): string[] {
  return networks
    .filter((network) => {
      const [address = '', prefix] = network.split('/');
      const covered = new BlockList();
      if (isIPv4(address)) covered.addSubnet(address, Number(prefix ?? 32));
      return covered.check('127.0.0.1');
    })
    .map(
      (network) =>
        `HOTLINE_TRUNKS: ${network} also covers phones on this machine; they will not be able to register`,
    );
}

/** What Node and Postgres understand alike: `+08:00` is east of Greenwich for the one and west for the other, and CST is not China. */
function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !name.includes('/')) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
