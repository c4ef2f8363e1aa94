import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { HotlineEvent } from '../../events/events.ts';
import type { EventId } from '../../events/ids.ts';
import { getMeta, setMeta } from './format.ts';

/** An end of the journal that Postgres has and we have not. */
export type LostEnd = { lastSeq: number; shippedSeq: number; shippedAsBefore: string; shippedAs: string };

/**
 * Names the journal. Postgres knows events by the journal's name and their number. When an end of the journal was lost after it had
 * been shipped (a disk that lied, a log cut short, an old copy put back), the same numbers are given again to other events, which
 * Postgres would take for the ones it has: from there on events are shipped under another name.
 */
export class JournalIdentity {
  #db: DatabaseSync;
  readonly id: string;
  #shippedAs: string;
  /** Events behind this number are shipped under the new name. */
  #renamedAfter: number | null;

  constructor(db: DatabaseSync, otherwise: string) {
    this.#db = db;
    this.id = getMeta(db, 'journal_id') ?? otherwise;
    this.#shippedAs = getMeta(db, 'shipped_as') ?? this.id;
    this.#renamedAfter = numberOrNull(getMeta(db, 'renamed_after'));
  }

  get shippedAs(): string {
    return this.#shippedAs;
  }

  /** Notes where this run goes on, unless an earlier one that Postgres has not been asked about since went on before that. */
  noteOpening(lastSeq: number): void {
    const known = numberOrNull(getMeta(this.#db, 'not_compared_from'));
    setMeta(this.#db, 'not_compared_from', String(Math.min(known ?? lastSeq, lastSeq)));
  }

  /** The file was made anew from what was whole in it, while the journal was in use. */
  moveTo(db: DatabaseSync): void {
    this.#db = db;
    setMeta(db, 'journal_id', this.id);
    if (this.#renamedAfter !== null) this.#writeName(this.#shippedAs, this.#renamedAfter);
  }

  /** @returns the number after which shipping goes on, and whether something was written. @throws {Error} when it cannot be */
  agree(position: number, onLostEnd: (lost: LostEnd) => void): { from: number; changed: boolean } {
    const from = numberOrNull(getMeta(this.#db, 'not_compared_from'));
    if (from !== null && position > from) {
      const lost = {
        lastSeq: from,
        shippedSeq: position,
        shippedAsBefore: this.#shippedAs,
        shippedAs: randomUUID(),
      };
      this.#rename(lost);
      onLostEnd(lost);
      return { from, changed: true };
    }
    if (from !== null) this.#db.exec(compared);
    return { from: Math.max(position, this.#renamedAfter ?? 0), changed: from !== null };
  }

  /** The event as Postgres is to know it. */
  named(event: HotlineEvent): HotlineEvent {
    if (this.#renamedAfter === null || event.seq <= this.#renamedAfter) return event;
    return { ...event, eventId: `${this.#shippedAs}-${event.seq}` as EventId };
  }

  #rename({ shippedAs, lastSeq }: LostEnd): void {
    this.#db.exec('begin immediate');
    try {
      this.#writeName(shippedAs, lastSeq);
      this.#db.exec(`${compared}; commit`);
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
    this.#shippedAs = shippedAs;
    this.#renamedAfter = lastSeq;
  }

  #writeName(shippedAs: string, after: number): void {
    setMeta(this.#db, 'shipped_as', shippedAs);
    setMeta(this.#db, 'renamed_after', String(after));
  }
}

const compared = `delete from meta where name = 'not_compared_from'`;
const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text));
