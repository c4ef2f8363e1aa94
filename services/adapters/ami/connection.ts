import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { type AmiAction, AmiError, type AmiMessage, checkAction, text } from './message.ts';

/** The parts of asterisk-manager that we use. */
type Manager = {
  connect(port: number, host: string, connected: () => void): void;
  login(done: (error?: unknown) => void): void;
  action(action: Record<string, string>, done: (error: unknown, answer?: AmiMessage) => void): void;
  disconnect(): void;
  on(event: 'managerevent', listener: (message: AmiMessage) => void): void;
  on(event: 'close', listener: (about: unknown) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
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
 */
export class AmiConnection {
  private readonly manager: Manager;
  private readonly options: AmiConnectionOptions;
  private readonly pending = new Map<string, (message: AmiMessage | AmiError) => void>();
  private closed = false;
  private lastError = 'connection closed';

  private constructor(options: AmiConnectionOptions) {
    this.options = options;
    const Manager = createRequire(import.meta.url)('asterisk-manager') as ManagerConstructor;
    // Without a port it does not connect by itself, and a fresh one per connection has no stale "held" actions.
    this.manager = new Manager(undefined, options.host, options.user, options.password, false);
    this.manager.on('managerevent', (event) => this.event(event));
    this.manager.on('close', (about) => {
      // The library passes Asterisk's own events on by name too: one called Close is not our socket's.
      if (typeof about !== 'object') this.end(this.lastError);
    });
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
      this.pending.set('login', (message) => done(message instanceof AmiError ? message : undefined));
      this.manager.connect(port, host, () => {
        this.manager.login((error) =>
          done(error ? new AmiError('Login', 'refused', said(error)) : undefined),
        );
      });
    }).finally(() => this.pending.delete('login'));
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
        this.manager.action({ ...action, actionid: actionId }, (error, answer) =>
          take(answer ?? asMessage(error)),
        );
      });
    } finally {
      this.pending.delete(actionId);
      this.manager.removeAllListeners(actionId);
    }
    return messages;
  }

  private event(event: AmiMessage): void {
    const waiting = this.pending.get(text(event, 'actionid'));
    if (waiting) waiting(event);
    else if (!this.closed) this.options.onEvent(event);
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
