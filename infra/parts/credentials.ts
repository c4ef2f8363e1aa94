import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Config } from '../../services/config.ts';
import {
  type Credentials,
  readCredentials,
  readSecrets,
  type Secrets,
  SecretsError,
} from '../../services/runtime/secrets.ts';
import { writeFileAtomic } from './files.ts';

// 24 characters of an alphabet that needs no quoting in any file, URL or SIP header: 143 bits.
const newPassword = (): string =>
  randomBytes(18).toString('base64').replaceAll('+', 'x').replaceAll('/', 'y');

/** The part of the centre's definition that decides which accounts there are. */
const accountsInCentre = z.object({
  agents: z
    .record(z.string().regex(/^\d{2,10}$/, { error: 'an agent is named by 2 to 10 digits' }), z.unknown())
    .default({}),
  users: z.record(z.string(), z.unknown()).default({}),
});

/** Agents' numbers and the names of other staff, from `centre.yaml`. @throws {SecretsError} */
export function accountsOf(centreFile: string): { agents: string[]; staff: string[] } {
  let text: string;
  try {
    text = readFileSync(centreFile, 'utf8');
  } catch (error) {
    throw new SecretsError(
      `${centreFile}: cannot be read (${String(error)}); set HOTLINE_CENTRE to the centre's definition`,
    );
  }
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new SecretsError(
      `${centreFile}: not YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = accountsInCentre.safeParse(document);
  if (!parsed.success) {
    throw new SecretsError(
      `${centreFile}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`,
    );
  }
  return { agents: Object.keys(parsed.data.agents), staff: Object.keys(parsed.data.users) };
}

/** Makes `secrets.json` at the first start; afterwards only reads it. @throws {SecretsError} when it is damaged. */
export function ensureSecrets(config: Config): Secrets {
  const { secretsFile } = config;
  if (!existsSync(secretsFile)) {
    const fresh: Secrets = {
      ari: { user: 'hotline', password: newPassword() },
      ami: { user: 'hotline', password: newPassword() },
      postgres: { superuserPassword: newPassword(), password: newPassword() },
    };
    writeFileAtomic(secretsFile, `${JSON.stringify(fresh, null, 2)}\n`);
  }
  return readSecrets(secretsFile);
}

/**
 * Makes `credentials.json` at the first start. Later starts add whoever is new in the centre and keep the database's address
 * current; a password that is there is never changed, and nobody is removed.
 * @throws {SecretsError} when the file is damaged.
 */
export function ensureCredentials(
  config: Config,
  secrets: Secrets,
  { agents, staff }: { agents: readonly string[]; staff: readonly string[] } = accountsOf(config.centreFile),
): Credentials {
  const known: Credentials = existsSync(config.credentialsFile)
    ? readCredentials(config.credentialsFile)
    : { users: {}, sip: {}, postgres: { url: '' } };
  const credentials: Credentials = {
    ...known,
    users: withPasswords(known.users, ['admin', 'lead', ...staff, ...agents]),
    sip: withPasswords(known.sip, [...agents, 'caller']),
    postgres: { ...known.postgres, url: databaseUrl(config, secrets) },
  };
  writeFileAtomic(config.credentialsFile, `${JSON.stringify(credentials, null, 2)}\n`);
  return credentials;
}

/** Where the records go: the database that was given, or our own. */
export function databaseUrl(config: Config, secrets: Secrets): string {
  if (config.databaseKind === 'external' && config.databaseUrl) return config.databaseUrl;
  return `postgres://hotline:${secrets.postgres.password}@127.0.0.1:${config.pgPort}/hotline`;
}

/** The SIP accounts (user → password) of these agents, and `caller`; passwords of agents who left stay in the file only. */
export function accountsOfCentre(sip: Credentials['sip'], agents: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sip).filter(([user]) => user === 'caller' || agents.includes(user)),
  );
}

function withPasswords(
  known: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  const fresh = [...new Set(names)].filter((name) => !Object.hasOwn(known, name));
  return { ...known, ...Object.fromEntries(fresh.map((name) => [name, newPassword()])) };
}
