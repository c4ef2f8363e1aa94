import type { AgentId } from '../../events/ids.ts';
import type { Device } from '../../events/vocabulary.ts';
import type { FactSink } from '../../runtime/telephony-port.ts';
import type { AmiConnection } from './connection.ts';
import { AmiError, type AmiMessage, text } from './message.ts';

/** Events this needs. */
export const contactEvents = ['ContactStatus', 'ContactStatusDetail'] as const;

/** Contact states in which a phone cannot be rung. A contact that was not asked yet counts as there. */
const away = new Set(['unreachable', 'removed', 'unavail']);

/**
 * Which phones of which agents can be rung, from SIP contacts: account `<agent>` is the SIP phone, `<agent>-web` the browser.
 * Tells `phones` for every agent whenever the connection comes up, and for one agent on each change. While the connection is
 * down nothing is told: what was last known stays true until we know better.
 */
export class Reachability {
  private readonly agents: readonly AgentId[];
  private readonly byAccount: ReadonlyMap<string, AgentId>;
  private readonly sink: FactSink;
  /** Contacts that can be rung, by account. */
  private contacts = new Map<string, Set<string>>();
  private told = new Map<AgentId, string>();
  /** Events that came while the list was being read. */
  private kept: AmiMessage[] | null = null;
  private reading: Promise<void> | null = null;
  private busyElsewhere: ReadonlySet<AgentId> = new Set();

  constructor(agents: readonly AgentId[], sink: FactSink) {
    this.agents = agents;
    this.byAccount = new Map(
      agents.flatMap((id): [string, AgentId][] => [
        [id, id],
        [`${id}-web`, id],
      ]),
    );
    this.sink = sink;
  }

  /**
   * Reads all contacts and tells every agent's phones. What changes while it reads is not lost. A second call while one is
   * under way gets the first one's outcome.
   */
  read(ami: Pick<AmiConnection, 'list'>): Promise<void> {
    this.reading ??= this.readNow(ami).finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async readNow(ami: Pick<AmiConnection, 'list'>): Promise<void> {
    const kept: AmiMessage[] = [];
    this.kept = kept;
    try {
      const listed = await contactsOf(ami);
      this.contacts = new Map();
      for (const contact of listed)
        this.set(accountOf(contact), text(contact, 'uri'), text(contact, 'status'));
    } finally {
      this.kept = null;
      for (const event of kept) this.apply(event);
    }
    this.announce();
  }

  /** Tells every agent's phones again. */
  announce(): void {
    this.told = new Map();
    for (const agent of this.agents) this.tell(agent);
  }

  /** These agents are in calls that are none of the controller's: until that changes, none of their phones can be rung. */
  setBusyElsewhere(agents: ReadonlySet<AgentId>): void {
    this.busyElsewhere = agents;
    if (this.told.size === 0) return;
    for (const agent of this.agents) this.tell(agent);
  }

  handle(event: AmiMessage): void {
    if (!/^contactstatus/i.test(text(event, 'event'))) return;
    if (this.kept) {
      if (this.agentOf(accountOf(event)) !== undefined) this.kept.push(event);
      return;
    }
    this.apply(event);
    const account = accountOf(event);
    const agent = this.agentOf(account);
    if (agent !== undefined) this.tell(agent);
  }

  private agentOf(account: string): AgentId | undefined {
    return this.byAccount.get(account);
  }

  private apply(event: AmiMessage): void {
    this.set(accountOf(event), text(event, 'uri'), text(event, 'contactstatus') || text(event, 'status'));
  }

  private set(account: string, uri: string, status: string): void {
    // Accounts of no agent are not kept in mind: whoever may register must not fill our memory.
    if (uri === '' || this.agentOf(account) === undefined) return;
    const contacts = this.contacts.get(account) ?? new Set();
    this.contacts.set(account, contacts);
    if (away.has(status.toLowerCase())) contacts.delete(uri);
    else contacts.add(uri);
  }

  private tell(agent: AgentId): void {
    const devices: Device[] = [];
    const busy = this.busyElsewhere.has(agent);
    if (!busy && this.isThere(agent)) devices.push('sip');
    if (!busy && this.isThere(`${agent}-web`)) devices.push('web');
    const key = devices.join();
    if (this.told.get(agent) === key) return;
    this.told.set(agent, key);
    this.sink({ kind: 'phones', agent, devices });
  }

  private isThere(account: string): boolean {
    return (this.contacts.get(account)?.size ?? 0) > 0;
  }
}

/** Asterisk calls it an error when there is no contact at all. */
async function contactsOf(ami: Pick<AmiConnection, 'list'>): Promise<AmiMessage[]> {
  try {
    return await ami.list({ action: 'PJSIPShowContacts' });
  } catch (error) {
    if (error instanceof AmiError && error.kind === 'refused' && /no contacts/i.test(error.message))
      return [];
    throw error;
  }
}

/** A listing names the account before a semicolon in the object's name; an event calls it AOR. */
function accountOf(message: AmiMessage): string {
  return (
    text(message, 'aor') ||
    text(message, 'endpointname') ||
    (text(message, 'objectname').split(/;|@/)[0] ?? '')
  );
}
