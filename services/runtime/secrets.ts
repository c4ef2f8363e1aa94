import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** People's passwords and where the database is: `credentials.json`, for people and programs around the service to read. */
export type Credentials = z.infer<typeof credentialsSchema>;
/** Passwords between the parts of the service: `secrets.json`, read by nobody else. */
export type Secrets = z.infer<typeof secretsSchema>;

const password = z.string().min(16, { error: 'is shorter than 16 characters' });

/** Shape fixed by the outside contract. */
export const credentialsSchema = z.object({
  /** Desk, board and API sign-in, by user name: `admin`, `lead`, and every agent's number. */
  users: z.record(z.string(), password),
  /** SIP accounts, by user name: every agent's number, and `caller`. */
  sip: z.record(z.string(), password),
  postgres: z.object({ url: z.string() }),
});

export const secretsSchema = z.object({
  ari: z.object({ user: z.string(), password }),
  ami: z.object({ user: z.string(), password }),
  postgres: z.object({
    /** Of role `postgres`, used to create our own role and database. */
    superuserPassword: password,
    /** Of role `hotline`, which owns database `hotline`. */
    password,
  }),
  /** Bearer tokens for the services that lookups ask, by the names `dialplans/lookups.yaml` gives them. Written by people. */
  lookups: z.record(z.string(), z.string().regex(/^[\x21-\x7e]+$/, { error: 'is no token' })).optional(),
});

/** A file of passwords cannot be used. The message names the file and what to do, and never its content. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
}

/** @throws {SecretsError} when the file is missing, unreadable or damaged. */
export function readCredentials(file: string): Credentials {
  return readSecretFile(file, credentialsSchema);
}

/** @throws {SecretsError} when the file is missing, unreadable or damaged. */
export function readSecrets(file: string): Secrets {
  return readSecretFile(file, secretsSchema);
}

/** Reads and checks one file of passwords. @throws {SecretsError} */
export function readSecretFile<T>(file: string, schema: z.ZodType<T>): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SecretsError(
      `${file}: cannot be read (${code}); check who owns it, or start the service to create it`,
    );
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'not JSON').join(', ');
  throw new SecretsError(
    `${file}: damaged (${where}); restore it from a copy, or move it away to have new passwords made at the next start`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Not passed on: a JSON parser's message quotes the text, and the text holds passwords.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
