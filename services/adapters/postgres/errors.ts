/** Postgres could not do what was asked. The message says what, where, and what to do; never a password. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** Five-character SQLSTATE, or the operating system's code (ECONNREFUSED …); '' when there is none. */
  readonly code: string;
  /** Whether it may work later without anything being changed: the server is away, busy or restarting. */
  readonly mayPass: boolean;

  constructor(message: string, code: string, mayPass: boolean, cause: unknown) {
    super(message, { cause });
    this.code = code;
    this.mayPass = mayPass;
  }
}

/** Where a database is, in words, without its password: `hotline at db.example:5432 as user app`. */
export type Where = string;

/** Runs `work`; what it throws becomes a DatabaseError that says what was being done and where. */
export async function named<T>(where: Where, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw nameError(where, doing, error);
  }
}

export function nameError(where: Where, doing: string, error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code = codeOf(error);
  const { why, mayPass } = explain(code, error);
  return new DatabaseError(`${doing}: database ${where}: ${why}`, code, mayPass, error);
}

type Explanation = { why: string; mayPass: boolean };

function explain(code: string, error: unknown): Explanation {
  const known = explanations[code];
  if (known !== undefined) return known;
  const text = messageOf(error);
  // The driver's own errors have no code.
  if (/timeout|terminated|Connection ended|not queryable/i.test(text)) {
    return { why: `no answer in time (${text}). Is it reachable and not overloaded?`, mayPass: true };
  }
  if (/^(08|53|57P)/.test(code)) return { why: `${text} (${code})`, mayPass: true };
  return { why: code === '' ? text : `${text} (${code})`, mayPass: false };
}

const explanations: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {
    why: 'nothing listens there. Start Postgres, or correct host and port in DATABASE_URL.',
    mayPass: true,
  },
  ECONNRESET: { why: 'the connection was cut. Is Postgres restarting?', mayPass: true },
  EPIPE: { why: 'the connection was cut. Is Postgres restarting?', mayPass: true },
  ETIMEDOUT: { why: 'no answer from that host. Check host, port and firewall.', mayPass: true },
  EHOSTUNREACH: { why: 'no way to that host. Check host and network.', mayPass: true },
  ENETUNREACH: { why: 'no way to that network. Check host and network.', mayPass: true },
  ENOTFOUND: { why: 'no such host. Correct the host in DATABASE_URL.', mayPass: false },
  EAI_AGAIN: { why: 'the host name could not be looked up. Check host and name service.', mayPass: true },
  ENOENT: { why: 'no such socket. Correct the socket folder in DATABASE_URL.', mayPass: true },
  EACCES: { why: 'the socket may not be opened. Check its permissions.', mayPass: false },
  '28P01': {
    why: 'password refused. Correct user and password in DATABASE_URL; in a URL, special characters are written %XX.',
    mayPass: false,
  },
  '28000': { why: 'this user may not sign in from here. Check user, pg_hba.conf and TLS.', mayPass: false },
  '3D000': {
    why: 'there is no such database. Create it, or correct its name in DATABASE_URL.',
    mayPass: false,
  },
  '42501': {
    why: 'this user lacks a permission. It needs CREATE on the database and on its schema public: make it the owner of the database.',
    mayPass: false,
  },
  '53100': { why: 'its disk is full. Make room; nothing is lost meanwhile.', mayPass: true },
  '53300': { why: 'it has no connection left for us. Raise max_connections.', mayPass: true },
  '57014': { why: 'the statement took longer than allowed and was stopped.', mayPass: true },
  '57P03': { why: 'it is starting up or shutting down.', mayPass: true },
  '55P03': { why: 'a row or table is locked by another for too long.', mayPass: true },
  '25006': { why: 'it is read-only: a standby? Name the primary in DATABASE_URL.', mayPass: true },
};

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  // A host name with several addresses fails with all their errors together.
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
