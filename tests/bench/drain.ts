import { connect, createHistory, migrate } from '../../services/adapters/postgres/index.ts';
import type { EventBody, HotlineEvent } from '../../services/events/events.ts';
import { type AgentId, asId, type CallId } from '../../services/events/ids.ts';
import { after, type Instant, instant } from '../../services/events/instant.ts';
import { eventsOfCall, numbered } from '../support/histories.ts';
import { command, startPostgres } from '../support/postgres.ts';
import type { Benchmark } from './figure.ts';

/** How fast a journal's backlog goes to Postgres, by the size of the batch. Floor to hold: 5 000 events/s at 2 000. */
export type DrainResult = {
  batchEvents: number;
  events: number;
  calls: number;
  seconds: number;
  eventsPerSecond: number;
  /** The slowest batch, as a caller of `write` sees it. */
  slowestBatchMs: number;
};

/** Writes `calls` calls with their agents' states to a real, durable Postgres and counts what arrived. */
export async function measureDrain(calls = 4_000, batchSizes = [100, 500, 2_000]): Promise<DrainResult[]> {
  const server = await startPostgres({ durable: true });
  try {
    const from = instant(Date.parse('2026-03-02T09:00:00+08:00'));
    const events = busyHours(calls, from);
    const results: DrainResult[] = [];
    for (const batchEvents of batchSizes) {
      const url = await server.createDatabase();
      await migrate(url, from);
      results.push(await drainOnce(url, events, batchEvents, calls));
    }
    return results;
  } finally {
    await server.stop();
  }
}

async function drainOnce(
  url: string,
  events: readonly HotlineEvent[],
  batchEvents: number,
  calls: number,
): Promise<DrainResult> {
  const postgres = connect(url);
  const history = createHistory(postgres);
  let slowestBatchMs = 0;
  const begun = performance.now();
  for (let at = 0; at < events.length; at += batchEvents) {
    const batchBegun = performance.now();
    await history.write('bench', events.slice(at, at + batchEvents));
    slowestBatchMs = Math.max(slowestBatchMs, performance.now() - batchBegun);
  }
  const seconds = (performance.now() - begun) / 1_000;
  await postgres.close();
  const [arrived] = await command(
    url,
    `select (select count(*)::int from call_event) as events,
            (select count(*)::int from call_record where outcome = 'answered' and wrap_up_ms = 10000) as calls,
            (select sum(handled)::int from kpi_interval) as handled`,
  );
  if (arrived?.events !== events.length || arrived.calls !== calls || arrived.handled !== calls) {
    throw new Error(
      `drain: ${events.length} events of ${calls} calls were written, ${JSON.stringify(arrived)} arrived`,
    );
  }
  return {
    batchEvents,
    events: events.length,
    calls,
    seconds: Math.round(seconds * 100) / 100,
    eventsPerSecond: Math.round(events.length / seconds),
    slowestBatchMs: Math.round(slowestBatchMs),
  };
}

/** Ten calls a second, each answered after 8 s by one of 200 agents, whose five changes of state go with it. */
export function busyHours(calls: number, from: Instant): HotlineEvent[] {
  const said: { at: Instant; body: EventBody }[] = [];
  for (let index = 0; index < calls; index++) {
    const agent = String(1_001 + (index % 200));
    const arrivedAt = after(from, index * 100);
    const call = `n1-${1_772_413_200 + Math.floor(index / 10)}.${index}`;
    said.push(
      ...eventsOfCall({
        call,
        arrivedAt,
        callerNumber: `138${String(index).padStart(8, '0')}`,
        visits: [
          {
            queue: index % 3 === 0 ? 'billing' : 'power-service',
            beforeMs: 6_000,
            waitMs: 8_000,
            missedRings: [],
            end: {
              kind: 'answered',
              agent,
              ringMs: 3_000,
              talk: { talkMs: 3_000, holdMs: 0 },
              wrapUpMs: 10_000,
            },
          },
        ],
      }),
    );
    const callId = asId<CallId>(call);
    const change = (delayMs: number, state: 'available' | 'ringing' | 'on-call' | 'wrapping-up'): void => {
      said.push({
        at: after(arrivedAt, delayMs),
        body: {
          type: 'AgentStateChanged',
          agent: asId<AgentId>(agent),
          state,
          reason: null,
          callId: state === 'available' ? null : callId,
          intent: { kind: 'ready' },
          devices: ['sip'],
          work: { kind: 'none' },
          missedRings: 0,
          because: 'bench',
        },
      });
    };
    change(11_000, 'ringing');
    change(14_000, 'on-call');
    change(17_000, 'wrapping-up');
    change(27_000, 'available');
  }
  said.sort((a, b) => a.at - b.at);
  return numbered(said);
}

/** The same as a benchmark: the floor is what a backlog of an hour without Postgres needs to be gone in minutes. */
export const drain: Benchmark = async ({ quick }) => {
  const results = quick ? await measureDrain(500, [2_000]) : await measureDrain(2_000, [100, 2_000]);
  return results.map(({ eventsPerSecond, batchEvents, ...detail }) => ({
    what: `journal to Postgres in batches of ${batchEvents}`,
    unit: 'events/s',
    value: eventsPerSecond,
    ...(batchEvents === 2_000 && { budget: { atLeast: 5_000 } }),
    detail,
  }));
};

if (import.meta.main) {
  console.table(await measureDrain());
}
