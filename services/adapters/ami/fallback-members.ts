import type { FallbackPlace } from '../../calls/fallback-places.ts';
import type { AgentIntent } from '../../events/events.ts';
import type { AgentId } from '../../events/ids.ts';
import type { FallbackAgent, FallbackPort } from '../../runtime/fallback-port.ts';
import type { Log } from './ami.ts';
import type { AmiConnection } from './connection.ts';
import { afterStep, agentOfPhone, type Member, memberSteps, readMembers } from './member-steps.ts';
import { AmiError, type AmiMessage, text } from './message.ts';

/** The event this needs: the dialplan has noted what an agent dialled. */
export const fallbackMemberEvents = ['UserEvent'] as const;

type Connection = Pick<AmiConnection, 'action' | 'list'>;

export type FallbackMembersOptions = {
  /** The queues an agent serves now; none for an agent of the past. */
  placesOf: (agent: AgentId) => readonly FallbackPlace[];
  /** An agent signed in or out by phone while nobody but Asterisk was there to hear it. */
  onDialled: (agent: AgentId, intent: AgentIntent) => Promise<unknown>;
  log: Log;
  /** How long to leave Asterisk alone after it refused something, before comparing notes with it. */
  rereadAfterMs?: number;
};

/** Where the dialplan notes what agents dialled while the controller was away (extensions.conf, [fallback-codes]). */
const dialledFamily = 'hotline-dialled';
const dialledIntents: Readonly<Record<string, AgentIntent>> = {
  ready: { kind: 'ready' },
  'not-ready': { kind: 'not-ready', reason: 'other' },
  'signed-out': { kind: 'signed-out' },
};

/**
 * Keeps the members of Asterisk's own queues in step with the agents. One action at a time, so that it is never in a call's way;
 * what waits is one entry for each agent. Every new connection begins with comparing all notes: what was dialled meanwhile is taken
 * over first, then Asterisk's members are made what they should be.
 */
export class FallbackMembers implements FallbackPort {
  private readonly options: FallbackMembersOptions;
  private readonly wanted = new Map<AgentId, FallbackAgent>();
  /** What Asterisk has, as far as we know, by agent. */
  private members = new Map<AgentId, readonly Member[]>();
  private readonly changed = new Set<AgentId>();
  private latest: Connection | null = null;
  private comparing: Promise<void> = Promise.resolve();
  /** The connection whose comparison is still waiting for its turn. */
  private due: Connection | null = null;
  /** The connection on which notes have been compared. */
  private connection: Connection | null = null;
  private working = false;
  private rereading: NodeJS.Timeout | undefined;

  constructor(options: FallbackMembersOptions) {
    this.options = options;
  }

  staff(agent: FallbackAgent): void {
    const before = this.wanted.get(agent.agent);
    // A phone that went away changes nothing here: Asterisk sees that by itself.
    const device = agent.device ?? before?.device ?? null;
    if (before?.intent === agent.intent && before.device === device) return;
    this.wanted.set(agent.agent, { ...agent, device });
    this.changed.add(agent.agent);
    this.work();
  }

  placesChanged(agents: readonly AgentId[]): void {
    for (const agent of agents) this.changed.add(agent);
    this.work();
  }

  /** The connection is up: compares all notes. Never rejects: calls do not depend on what happens here. */
  up(connection: Connection): Promise<void> {
    this.down();
    this.latest = connection;
    // One that has not begun will see all that has happened by then.
    if (this.due === connection) return this.comparing;
    this.due = connection;
    // One after another: what was dialled is taken over once.
    this.comparing = this.comparing.then(() => {
      if (this.due === connection) this.due = null;
      return this.compare(connection);
    });
    return this.comparing;
  }

  down(): void {
    this.latest = null;
    this.connection = null;
    clearTimeout(this.rereading);
  }

  /** An agent has just been served by the dialplan, although we are there: we must have been out for a while. */
  handle(event: AmiMessage): void {
    if (text(event, 'event') !== 'UserEvent' || text(event, 'userevent') !== 'HotlineDialled') return;
    if (this.latest) void this.up(this.latest);
  }

  private async compare(connection: Connection): Promise<void> {
    if (this.latest !== connection) return;
    try {
      await this.takeOverDialled(connection);
      const listed = readMembers(await connection.list({ action: 'QueueStatus' }));
      if (this.latest !== connection) return;
      this.members = Map.groupBy(listed, (member) => agentOfPhone(member.phone));
      for (const agent of [...this.wanted.keys(), ...this.members.keys()]) this.changed.add(agent);
      this.connection = connection;
      this.work();
    } catch (error) {
      this.options.log.warn({ err: error }, "the fallback's members could not be read");
      if (!isLost(error)) this.rereadLater(connection);
    }
  }

  private async takeOverDialled(connection: Connection): Promise<void> {
    for (const entry of await dialledIn(connection)) {
      const agent = text(entry, 'key').split('/').at(-1) as AgentId;
      const intent = dialledIntents[text(entry, 'val')];
      this.options.log.info({ agent, intent }, 'an agent dialled this while the controller was away');
      if (intent) await this.options.onDialled(agent, intent);
      await connection.action({ action: 'DBDel', Family: dialledFamily, Key: agent });
    }
  }

  private work(): void {
    if (this.working) return;
    this.working = true;
    void this.workThrough();
  }

  private async workThrough(): Promise<void> {
    try {
      for (let connection = this.connection; connection; connection = this.connection) {
        const [agent] = this.changed;
        if (agent === undefined) return;
        this.changed.delete(agent);
        try {
          await this.bringInStep(connection, agent);
        } catch (error) {
          // Lost connections are compared anew when they are back.
          if (isLost(error)) return this.down();
          this.options.log.warn({ err: error, agent }, "an agent's place in the fallback queues is not sure");
          this.rereadLater(connection);
        }
      }
    } finally {
      // In the same breath as the last look: what comes after it is not left for nobody.
      this.working = false;
    }
  }

  private async bringInStep(connection: Connection, agent: AgentId): Promise<void> {
    const wanted = this.wanted.get(agent) ?? { agent, intent: 'signed-out', device: null };
    const members = this.members.get(agent) ?? [];
    for (const step of memberSteps(wanted, this.options.placesOf(agent), members)) {
      await connection.action(step);
      this.members.set(agent, afterStep(this.members.get(agent) ?? [], step));
    }
  }

  private rereadLater(connection: Connection): void {
    clearTimeout(this.rereading);
    this.rereading = setTimeout(() => void this.up(connection), this.options.rereadAfterMs ?? 2_000).unref();
  }
}

/** Asterisk calls it an error when nobody dialled anything. */
async function dialledIn(connection: Connection): Promise<AmiMessage[]> {
  try {
    return await connection.list({ action: 'DBGetTree', Family: dialledFamily });
  } catch (error) {
    if (error instanceof AmiError && error.kind === 'refused' && /not found/i.test(error.message)) return [];
    throw error;
  }
}

const isLost = (error: unknown): boolean => error instanceof AmiError && error.kind === 'not-connected';
