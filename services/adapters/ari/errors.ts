/**
 * A request to Asterisk that did not succeed. `status` is the HTTP status, null when no answer came.
 * Messages name the operation and what Asterisk said; they never hold a URL's query or a credential.
 */
export class AriError extends Error {
  override readonly name = 'AriError';
  readonly operation: string;
  readonly status: number | null;
  readonly kind: 'refused' | 'timed-out' | 'unreachable';
  /** Asterisk's own words, or the network's error code. */
  readonly said: string;

  constructor(operation: string, kind: AriError['kind'], status: number | null, said: string) {
    super(`ARI ${operation}: ${status === null ? kind : `HTTP ${status}`}${said === '' ? '' : ` (${said})`}`);
    this.operation = operation;
    this.kind = kind;
    this.status = status;
    this.said = said;
  }
}
