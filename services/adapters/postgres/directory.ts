import { sql } from 'kysely';
import { type Instant, toIso } from '../../events/instant.ts';
import type { Centre, QueueDefinition } from '../../runtime/centre.ts';
import type { Db, Postgres } from './connect.ts';
import { named } from './errors.ts';

/**
 * Writes the centre's hotlines, queues and agents where SQL can join them. What the centre has no more is marked as
 * removed, never deleted. A changed KPI threshold of a queue holds for visits from `now` on: history does not change.
 */
export async function syncCentre({ db, where }: Postgres, centre: Centre, now: Instant): Promise<void> {
  await named(where, "Writing the centre's directory", () =>
    db.transaction().execute(async (trx) => {
      // One writer at a time; readers are not disturbed.
      await sql`lock table hotline.queue_definition in share row exclusive mode`.execute(trx);
      await syncHotlines(trx, centre, now);
      await syncAgents(trx, centre, now);
      for (const queue of centre.queues.values()) await syncQueue(trx, queue, now);
      await trx
        .updateTable('queue')
        .set({ removed_at: toIso(now) })
        .where('removed_at', 'is', null)
        .where(sql<boolean>`queue <> all(${[...centre.queues.keys()]}::text[])`)
        .execute();
    }),
  );
}

const forEver = sql<Date>`'infinity'::timestamptz`;

async function syncHotlines(db: Db, centre: Centre, now: Instant): Promise<void> {
  for (const hotline of centre.hotlines.values()) {
    const values = { name: JSON.stringify(hotline.name), numbers: [...hotline.numbers], removed_at: null };
    await db
      .insertInto('hotline')
      .values({ hotline: hotline.id, ...values })
      .onConflict((it) => it.column('hotline').doUpdateSet(values))
      .execute();
  }
  await db
    .updateTable('hotline')
    .set({ removed_at: toIso(now) })
    .where('removed_at', 'is', null)
    .where(sql<boolean>`hotline <> all(${[...centre.hotlines.keys()]}::text[])`)
    .execute();
}

async function syncAgents(db: Db, centre: Centre, now: Instant): Promise<void> {
  for (const agent of centre.agents.values()) {
    const values = { name: agent.name, queues: [...agent.queues], removed_at: null };
    await db
      .insertInto('agent')
      .values({ agent: agent.id, ...values })
      .onConflict((it) => it.column('agent').doUpdateSet(values))
      .execute();
  }
  await db
    .updateTable('agent')
    .set({ removed_at: toIso(now) })
    .where('removed_at', 'is', null)
    .where(sql<boolean>`agent <> all(${[...centre.agents.keys()]}::text[])`)
    .execute();
}

async function syncQueue(db: Db, queue: QueueDefinition, now: Instant): Promise<void> {
  const values = { name: JSON.stringify(queue.name), removed_at: null };
  await db
    .insertInto('queue')
    .values({ queue: queue.id, ...values })
    .onConflict((it) => it.column('queue').doUpdateSet(values))
    .execute();

  const inForce = await db
    .selectFrom('queue_definition')
    .selectAll()
    .where('queue', '=', queue.id)
    .where('valid_to', '=', forEver)
    .executeTakeFirst();
  const thresholds = {
    service_level_threshold_ms: queue.serviceLevelThresholdMs,
    short_abandon_ms: queue.shortAbandonMs,
  };
  if (inForce === undefined) {
    // The first one also holds for whatever came before it was written down.
    await db
      .insertInto('queue_definition')
      .values({ queue: queue.id, valid_from: '-infinity', valid_to: 'infinity', ...thresholds })
      .execute();
    return;
  }
  if (
    inForce.service_level_threshold_ms === thresholds.service_level_threshold_ms &&
    inForce.short_abandon_ms === thresholds.short_abandon_ms
  ) {
    return;
  }
  const since = await db
    .updateTable('queue_definition')
    // A clock set back must not end a definition before it began.
    .set({ valid_to: sql<string>`greatest(${toIso(now)}::timestamptz, valid_from + interval '1 ms')` })
    .where('queue', '=', queue.id)
    .where('valid_to', '=', forEver)
    .returning('valid_to')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('queue_definition')
    .values({ queue: queue.id, valid_from: since.valid_to as Date, valid_to: 'infinity', ...thresholds })
    .execute();
}
