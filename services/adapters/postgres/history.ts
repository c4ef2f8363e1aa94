import { foldLedger } from '../../cdr/ledger.ts';
import type { EventOf, HotlineEvent } from '../../events/events.ts';
import type { HistoryPort } from '../../runtime/history-port.ts';
import type { Db, Postgres } from './connect.ts';
import { named } from './errors.ts';
import { loadLedger, saveChanges } from './ledger-store.ts';
import { eventRow, eventTarget } from './targets.ts';
import { writeTasks } from './tasks.ts';
import { upsert } from './upsert.ts';

/** Events that can't follow what is stored: given out of order, or with others missing before them. A bug of the caller. */
export class EventsOutOfOrder extends Error {
  override readonly name = 'EventsOutOfOrder';
}

/** Another controller has taken over and gone on from what is stored: what this journal holds beyond that is not taken. */
export class JournalClosed extends Error {
  override readonly name = 'JournalClosed';
}

/**
 * The history in Postgres. One `write` is one transaction: events, what they amount to, and how far the journal has
 * come. The position row is locked meanwhile, so that a batch written twice, or by two controllers at once, counts once.
 */
export function createHistory({ db, where }: Postgres): HistoryPort {
  return {
    position: (journalId) =>
      named(where, 'Reading the position of the journal', async () => {
        const row = await db
          .selectFrom('journal_position')
          .select('seq')
          .where('journal_id', '=', journalId)
          .executeTakeFirst();
        return row?.seq ?? 0;
      }),
    write: async (journalId, events, follows) => {
      const first = events[0];
      const last = events.at(-1);
      if (first === undefined || last === undefined) return;
      refuseUnlessInOrder(events, follows !== undefined);
      const doing = `Writing events ${first.seq} to ${last.seq} of journal ${journalId}`;
      let refused: EventsOutOfOrder | JournalClosed | null = null;
      await named(where, doing, () =>
        db.transaction().execute(async (trx) => {
          const { position, closed } = await lockPosition(trx, journalId);
          if (closed) {
            refused = new JournalClosed(
              `journal ${journalId}: another controller has gone on from its records`,
            );
            return;
          }
          // A journal that is new here may begin anywhere: its beginning may have been let go before this database was made.
          if (position > 0 && (follows ?? first.seq - 1) > position) {
            refused = new EventsOutOfOrder(
              `journal ${journalId}: event ${position + 1} comes next, but ${first.seq} was given`,
            );
            return;
          }
          const news = events.filter((event) => event.seq > position);
          if (news.length > 0) await writeNews(trx, journalId, news, last.seq);
        }),
      );
      if (refused !== null) throw refused;
    },
  };
}

async function writeNews(
  trx: Db,
  journalId: string,
  news: readonly HotlineEvent[],
  seq: number,
): Promise<void> {
  await upsert(
    trx,
    eventTarget,
    news.map((event) => eventRow(journalId, event)),
    'keep',
  );
  const before = await loadLedger(trx, news);
  await saveChanges(trx, before, foldLedger(before, news));
  const opened = news.filter((event): event is EventOf<'TaskOpened'> => event.type === 'TaskOpened');
  await writeTasks(trx, opened);
  await trx.updateTable('journal_position').set({ seq }).where('journal_id', '=', journalId).execute();
}

/** Locks the journal's row until the transaction ends, making it when there is none, and says how far it has come. */
async function lockPosition(trx: Db, journalId: string): Promise<{ position: number; closed: boolean }> {
  const { seq, closed_at } = await trx
    .insertInto('journal_position')
    .values({ journal_id: journalId, seq: 0 })
    // An update that changes nothing: unlike `do nothing` it locks and returns the row.
    .onConflict((it) =>
      it.column('journal_id').doUpdateSet((row) => ({ seq: row.ref('journal_position.seq') })),
    )
    .returning(['seq', 'closed_at'])
    .executeTakeFirstOrThrow();
  return { position: seq, closed: closed_at !== null };
}

function refuseUnlessInOrder(events: readonly HotlineEvent[], someMayBeLost: boolean): void {
  let before = events[0]?.seq ?? 0;
  for (const { seq } of events.slice(1)) {
    if (someMayBeLost ? seq <= before : seq !== before + 1)
      throw new EventsOutOfOrder(`event ${before + 1} comes next in the batch, but ${seq} was given`);
    before = seq;
  }
}
