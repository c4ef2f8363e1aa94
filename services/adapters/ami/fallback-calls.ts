import type { AgentId } from '../../events/ids.ts';
import type { Log } from './ami.ts';
import type { AmiConnection } from './connection.ts';
import { agentOfPhone } from './member-steps.ts';
import { type AmiMessage, text } from './message.ts';

/** Events this needs; Asterisk's queues are idle, and these never come, while the controller does its work. */
export const fallbackCallEvents = ['AgentCalled', 'AgentRingNoAnswer', 'AgentComplete'] as const;

export type FallbackCallsOptions = {
  /** Phones of anybody else are none of ours to watch, whatever is said of them. */
  isAgent: (agent: AgentId) => boolean;
  /** The agents whose phones Asterisk's own queues are using; told on every change. */
  onBusy: (agents: ReadonlySet<AgentId>) => void;
  /** Calls back once after `ms`; returns how to cancel. */
  schedule: (ms: number, callback: () => void) => () => void;
  log: Log;
};

/** Between two looks while a phone is used: an end that was not reported is known after this time. */
const lookAgainMs = 2_000;

/**
 * Calls that Asterisk connected by itself while the controller was away go on when it is back, and their agents must not be rung
 * meanwhile. Knows these agents from a listing when the connection comes up, and then from the queues' own events.
 */
export class FallbackCalls {
  private readonly options: FallbackCallsOptions;
  private busy: ReadonlySet<AgentId> = new Set();
  /** Agents whose phones began to be used while a listing was on its way. */
  private readonly begun = new Set<AgentId>();
  private connection: Pick<AmiConnection, 'list'> | null = null;
  private cancel: () => void = () => undefined;

  constructor(options: FallbackCallsOptions) {
    this.options = options;
  }

  /** Looks who is busy; to be called when the connection is up. */
  async read(connection: Pick<AmiConnection, 'list'>): Promise<void> {
    this.connection = connection;
    this.cancel();
    this.begun.clear();
    const channels = await connection.list({ action: 'CoreShowChannels' });
    const rung = channels.flatMap((channel) => agentRungByQueue(channel) ?? []).filter(this.options.isAgent);
    this.become([...rung, ...this.begun]);
  }

  handle(event: AmiMessage): void {
    const agent = agentOfPhone(text(event, 'interface'));
    if (!this.options.isAgent(agent)) return;
    switch (text(event, 'event')) {
      case 'AgentCalled':
        this.begun.add(agent);
        return this.become([...this.busy, agent]);
      case 'AgentRingNoAnswer':
      case 'AgentComplete':
        this.begun.delete(agent);
        return this.become([...this.busy].filter((other) => other !== agent));
      default:
    }
  }

  down(): void {
    this.connection = null;
    this.cancel();
  }

  private become(agents: readonly AgentId[]): void {
    const next = new Set(agents);
    const same = next.size === this.busy.size && [...next].every((agent) => this.busy.has(agent));
    this.busy = next;
    if (!same) this.options.onBusy(next);
    this.cancel();
    if (next.size > 0) this.cancel = this.options.schedule(lookAgainMs, () => this.lookAgain());
  }

  private lookAgain(): void {
    const { connection } = this;
    if (!connection) return;
    this.read(connection).catch((error: unknown) => {
      this.options.log.warn({ err: error }, "the fallback's calls could not be looked at");
      if (this.connection === connection)
        this.cancel = this.options.schedule(lookAgainMs, () => this.lookAgain());
    });
  }
}

/** The agent whose phone this channel is, when one of Asterisk's queues made it. */
function agentRungByQueue(channel: AmiMessage): AgentId | null {
  if (text(channel, 'application') !== 'AppQueue') return null;
  return agentOfPhone(text(channel, 'channel').replace(/-[0-9a-f]{8}$/, ''));
}
