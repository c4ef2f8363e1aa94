import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { LineWatch } from './line-watch.ts';
import { type AmiAction, AmiError, type AmiMessage, checkAction, text } from './message.ts';

/** The parts of asterisk-manager that we use. */
type Manager = {
  connect(port: number, host: string, connected: () => void): void;
  login(done: (error?: unknown) => void): void;
  action(action: Record<string, string>, done: (error: unknown, answer?: AmiMessage) => void): void;
  disconnect(): void;
  on(event: 'rawevent', listener: (message: AmiMessage) => void): void;
  on(event: 'close', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  emit(event: string, error: AmiMessage | undefined, message: AmiMessage): void;
  removeAllListeners(event?: string): void;
};
type ManagerConstructor = new (
  port: undefined,
  host: string,
  user: string,
  password: string,
  events: false,
) => Manager;

export type AmiConnectionOptions = {
  host: string;
  port: number;
  user: string;
  password: string;
  timeoutMs: number;
  /** Whether this controller may act; asked before each action that changes something. */
  mayAct?: (() => true | Promise<boolean>) | undefined;
  onEvent(event: AmiMessage): void;
  /** Once, when the connection is over, whatever ended it. */
  onClosed(because: string): void;
};

/** Actions that change nothing but this connection. */
const changesNothing = new Set(['Events', 'Filter', 'Ping', 'PJSIPQualify']);

/**
 * One connection to the manager interface, logged in, for one lifetime. Made safe: every promise settles within
 * `timeoutMs`, line breaks are refused, ActionIDs are ours, lists are collected, handlers cannot crash the process.
 *
 * Of asterisk-manager only the framing and the login are used. Its own way of passing messages on calls listeners by names that
 * the other side chooses: an event called `rawevent` makes it call itself for ever, and other names end the process or the
 * connection. Nor does it bound a message's length, or let go of a socket whose other end is silent.
 */
export class AmiConnection {
  private readonly manager: Manager;
  private readonly options: AmiConnectionOptions;
  private readonly pending = new Map<string, (message: AmiMessage | AmiError) => void>();
  private readonly line = new LineWatch((because) => this.end(because));
  /** While logging in. */
  private failLogin: ((error: AmiError) => void) | null = null;
  private closed = false;
  private lastError = 'connection closed';

  private constructor(options: AmiConnectionOptions) {
    this.options = options;
    const Manager = createRequire(import.meta.url)('asterisk-manager') as ManagerConstructor;
    // Without a port it does not connect by itself, and a fresh one per connection has no stale "held" actions.
    this.manager = new Manager(undefined, options.host, options.user, options.password, false);
    this.manager.removeAllListeners('rawevent');
    this.manager.on('rawevent', (message) => this.received(message));
    this.manager.on('close', () => this.end(this.lastError));
    this.manager.on('error', (error) => {
      this.lastError = error instanceof Error ? error.message : this.lastError;
    });
  }

  /** Connects and logs in. Rejects with {@link AmiError}; `onClosed` is then not called. */
  static async open(options: AmiConnectionOptions): Promise<AmiConnection> {
    const told = { closed: false };
    const connection = new AmiConnection({
      ...options,
      onClosed: (because) => {
        if (told.closed) options.onClosed(because);
      },
    });
    try {
      await connection.login();
      told.closed = true;
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private login(): Promise<void> {
    const { port, host, timeoutMs } = this.options;
    return this.settled('Login', timeoutMs, (done) => {
      this.failLogin = done;
      const connected = () => {
        if (this.closed) return;
        this.manager.login((error) =>
          done(error ? new AmiError('Login', 'refused', said(error)) : undefined),
        );
      };
      this.line.watch(() => this.manager.connect(port, host, connected));
    }).finally(() => {
      this.failLogin = null;
    });
  }

  /** Sends one action and gives its answer. */
  async action(action: AmiAction): Promise<AmiMessage> {
    const may = changesNothing.has(action.action) || (this.options.mayAct?.() ?? true);
    if (may !== true && !(await may))
      throw new AmiError(action.action, 'not-connected', 'this controller does not act any more');
    const [answer] = await this.send(action, (message) => text(message, 'response') !== '');
    return answer ?? {};
  }

  /** Sends an action that is answered with a list, and gives the items. */
  async list(action: AmiAction): Promise<AmiMessage[]> {
    const messages = await this.send(
      action,
      (message) => text(message, 'eventlist').toLowerCase() === 'complete',
    );
    return messages.filter((message) => text(message, 'event') !== '' && text(message, 'eventlist') === '');
  }

  close(): void {
    this.end('closed by us');
  }

  /** Collects everything that answers the action until `isLast`. */
  private async send(action: AmiAction, isLast: (message: AmiMessage) => boolean): Promise<AmiMessage[]> {
    checkAction(action);
    if (this.closed) throw new AmiError(action.action, 'not-connected', this.lastError);
    const actionId = randomUUID();
    const messages: AmiMessage[] = [];
    try {
      await this.settled(action.action, this.options.timeoutMs, (done) => {
        const take = (message: AmiMessage | AmiError) => {
          if (message instanceof AmiError) return done(message);
          if (text(message, 'response').toLowerCase() === 'error') {
            return done(new AmiError(action.action, 'refused', said(message)));
          }
          messages.push(message);
          if (isLast(message)) done();
        };
        this.pending.set(actionId, take);
        // Its answer comes to `received`, as everything does.
        this.manager.action({ ...action, actionid: actionId }, () => undefined);
      });
    } finally {
      this.pending.delete(actionId);
      this.manager.removeAllListeners(actionId);
    }
    return messages;
  }

  /** Every message, in order: an answer, an item of a list, an event, or nonsense, which is passed over. */
  private received(message: AmiMessage): void {
    this.line.messageEnded();
    if (this.closed) return;
    const actionId = text(message, 'actionid');
    const waiting = this.pending.get(actionId);
    if (waiting) return waiting(message);
    const response = text(message, 'response').toLowerCase();
    // The library's login waits for its own ActionID, which is made of digits.
    if (response !== '' && this.failLogin && /^\d+$/.test(actionId))
      this.manager.emit(actionId, response === 'success' ? undefined : message, message);
    else if (text(message, 'event') !== '') this.options.onEvent(message);
  }

  private settled(
    action: string,
    timeoutMs: number,
    begin: (done: (error?: AmiError) => void) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => done(new AmiError(action, 'timed-out', `no answer in ${timeoutMs} ms`)),
        timeoutMs,
      );
      const done = (error?: AmiError) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      begin(done);
    });
  }

  private end(because: string): void {
    if (this.closed) return;
    this.closed = true;
    this.lastError = because;
    this.manager.disconnect();
    this.line.cut();
    this.failLogin?.(new AmiError('Login', 'not-connected', because));
    for (const waiting of this.pending.values())
      waiting(new AmiError('connection', 'not-connected', because));
    this.options.onClosed(because);
  }
}

function asMessage(error: unknown): AmiMessage {
  return typeof error === 'object' && error !== null ? (error as AmiMessage) : { response: 'Error' };
}

function said(error: unknown): string {
  return text(asMessage(error), 'message') || 'no reason given';
}
