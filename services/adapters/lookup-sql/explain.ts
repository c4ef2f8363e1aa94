import { SourceAway } from '../../runtime/lookup-source.ts';

/**
 * What went wrong, in words fit for a call's record: the SQLSTATE, never the server's text, which may quote a value. Anything but a refusal
 * of this very question means that the database is away.
 */
export function explain(error: unknown): Error {
  if (error instanceof SourceAway) return error;
  const code = codeOf(error);
  const away = (why: string) => new SourceAway(`the database ${why}`, { cause: error });
  if (code === '57014') return away('took too long');
  // Connections, resources, shutting down, signing in, no such database.
  if (/^(08|53|57P|28|3D)/.test(code)) return away(`refused (${code})`);
  if (/^[0-9A-Z]{5}$/.test(code))
    return new Error(`the database cannot do what the lookup asks (${code})`, { cause: error });
  return away(code === '' ? 'broke off' : `cannot be reached (${code})`);
}

function codeOf(error: unknown): string {
  // A host name with several addresses fails with all their errors together.
  if (error instanceof AggregateError && !('code' in error)) return codeOf(error.errors[0]);
  const has = typeof error === 'object' && error !== null && 'code' in error;
  return has && typeof error.code === 'string' ? error.code : '';
}
