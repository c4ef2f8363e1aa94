import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { EventType } from '../../events/events.ts';

/**
 * What goes first when Postgres is away for so long that the journal is full: events that tell how a call went, but of which no
 * record and no KPI is made. A new type has to be sorted in here.
 */
const isDetail: Readonly<Record<EventType, boolean>> = {
  CallArrived: false,
  CallPickedUp: true,
  FlowNodeEntered: true,
  MusicStarted: true,
  PromptStarted: true,
  PromptFinished: true,
  DigitPressed: true,
  MenuAttemptFailed: true,
  CallerSelfServed: false,
  CallQueued: false,
  AgentRingRequested: false,
  AgentRingStarted: true,
  AgentRingEnded: false,
  VisitEnded: false,
  CallConnected: false,
  CallHeld: true,
  CallResumed: true,
  ConversationEnded: false,
  CallClosing: true,
  LegHangUpRequested: true,
  LegEnded: true,
  CallTakenToFallback: false,
  CallEnded: false,
  WrapUpEnded: false,
  AgentStateChanged: false,
  ControllerStarted: false,
  NodeConnected: true,
  NodeLost: true,
  OrderFailed: true,
  FlowValuesSet: true,
  LookupRequested: true,
  LookupEnded: true,
  WaitAnnounced: true,
  SurveyAnswered: false,
  VoicemailStarted: true,
  VoicemailEnded: false,
  CallbackRequested: false,
  TaskOpened: false,
  SwitchChanged: false,
  FlowActivated: false,
  OutgoingStarted: false,
  OutgoingDialled: false,
  OutgoingConnected: false,
  OutgoingEnded: false,
  CallPassedOn: false,
  PassOnEnded: false,
  CallReturning: false,
  ConsultRequested: false,
  ConsultTurned: true,
  ConsultEnded: false,
  PartyParked: true,
  PartiesJoined: true,
  TransferKeyAnswered: true,
  TransferRequested: false,
  TransferConnected: false,
  TransferEnded: false,
  CallbackStarted: false,
  CustomerCallRequested: true,
  CallbackAttemptEnded: false,
  CallbackEnded: false,
  VisitStepReached: true,
  LastAgentWaitEnded: true,
  ReserveCalledIn: false,
};
const detailTypes = JSON.stringify(Object.keys(isDetail).filter((type) => isDetail[type as EventType]));

/** So much of the disk stays free for the others, unless the journal is small. */
const leftFreeBytes = 512 * 1024 * 1024;
const alwaysAllowedBytes = 64 * 1024 * 1024;
/** Few at a time: calls wait meanwhile. */
const eventsAtOnce = 500;

export type Trimmed = { details: number; records: number };

/**
 * Keeps the journal from filling the disk. What a controller needs to start (the saved state and the events since) always stays; of
 * the rest first the details go, oldest first, and when none are left the oldest events altogether.
 */
export class SizeLimit {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly mostBytes: number;
  readonly trimmed: Trimmed;

  constructor(
    db: DatabaseSync,
    file: string,
    mostBytes: number,
    trimmed: Trimmed = { details: 0, records: 0 },
  ) {
    this.trimmed = trimmed;
    this.#db = db;
    this.#file = file;
    this.mostBytes = mostBytes;
  }

  /** The same for the file made anew. */
  of(db: DatabaseSync): SizeLimit {
    return new SizeLimit(db, this.#file, this.mostBytes, this.trimmed);
  }

  /** Bytes in use, free pages not counted. */
  usedBytes(): number {
    const number = (pragma: string): number =>
      Number(Object.values(this.#db.prepare(`pragma ${pragma}`).get() ?? {})[0]);
    return (number('page_count') - number('freelist_count')) * number('page_size');
  }

  isOver(): boolean {
    const used = this.usedBytes();
    if (used > this.mostBytes) return true;
    if (used <= alwaysAllowedBytes) return false;
    const { bavail, bsize } = statfsSync(dirname(this.#file));
    return bavail * bsize < leftFreeBytes;
  }

  /** One step. @returns whether anything went */
  trim(): boolean {
    this.#db.exec('begin immediate');
    try {
      const went = this.#thin() || this.#dropOldest();
      this.#db.exec('commit');
      return went;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  /** Moves the oldest events, without details, to where they lie close together: gaps between rows would not free a page. */
  #thin(): boolean {
    const { last } = this.#db
      .prepare(`select max(seq) as last from (select seq from event where ${folded} order by seq limit ?)`)
      .get(eventsAtOnce) as { last: number | null };
    if (last === null) return false;
    const { changes: kept } = this.#db
      .prepare(
        `insert into thinned select * from event where seq <= ?
           and body ->> 'type' not in (select value from json_each('${detailTypes}')) order by seq`,
      )
      .run(last);
    const { changes: gone } = this.#db.prepare('delete from event where seq <= ?').run(last);
    this.trimmed.details += Number(gone) - Number(kept);
    return gone > 0;
  }

  #dropOldest(): boolean {
    const { changes } = this.#db
      .prepare('delete from thinned where seq in (select seq from thinned order by seq limit ?)')
      .run(eventsAtOnce);
    this.trimmed.records += Number(changes);
    return changes > 0;
  }
}

/** What both saved states have in them: no start needs it. */
const folded = 'seq <= coalesce((select min(seq) from saved_state), 0)';
