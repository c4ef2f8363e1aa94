import { whileStopped } from '../chaos/stopped.ts';
import { metricSum } from '../support/metrics-text.ts';
import { pause, until } from '../support/until.ts';
import { numberOf } from './bench-centre.ts';
import type { Benchmark, Figure } from './figure.ts';
import type { HotlineUnderLoad } from './hotline-under-load.ts';
import { quantile, rounded, spread } from './statistics.ts';
import { type PickUp, robotAgents, sendCalls } from './traffic.ts';

const ratePerSecond = 20;
const agentCount = 30;
/** Fewer than this are on their way at any time under this load. */
const drainedAtEvents = 1_000;

/** How long Postgres is away; another length by this variable. */
const outageSeconds = (quick: boolean): number =>
  Number(process.env.HOTLINE_BENCH_OUTAGE_SECONDS ?? (quick ? 20 : 300));

/**
 * Postgres hangs (all its processes are stopped) for five minutes at 20 calls a second, on the whole service with real SIP. What callers
 * notice is the time from their INVITE to our 200 OK, by sipp's own clock; records are counted against sipp's own count of calls.
 */
export const postgresOutage: Benchmark = async ({ quick, hotline: shared, say }) => {
  const hotline = await shared();
  const [aroundMs, outageMs] = [quick ? 8_000 : 30_000, outageSeconds(quick) * 1_000];
  hotline.shortenPrompts();
  const robots = await robotAgents(hotline, hotline.agents.slice(0, agentCount), {
    answerAfterMs: 20,
    talkMs: 60,
  });
  const backlog = async (): Promise<number> =>
    metricSum(await hotline.metrics(), 'hotline_journal_backlog_events');
  try {
    const [{ before }] = (await hotline.query<{ before: string }>(
      'select count(*) as before from call_record',
    )) as [{ before: string }];
    const endedBefore = await hotline.endedCalls();
    const calls = Math.round(((2 * aroundMs + outageMs) / 1_000) * ratePerSecond);
    const sent = sendCalls(hotline, {
      dials: numberOf.withoutWrapUp,
      keyAfterMs: 200,
      keyAgainAfterMs: 3_000,
      leaveInMenu: 0.1,
      calls,
      ratePerSecond,
      openAtMost: 200,
      withinMs: 2 * aroundMs + outageMs + 120_000,
    });
    // Awaited below; should the outage itself fail, its own error is the one to show.
    sent.catch(() => undefined);
    await pause(aroundMs);
    const [from, peak] = [Date.now(), { events: 0 }];
    await whileStopped(hotline, 'postgres', outageMs, async () => {
      await pause(outageMs - 500);
      peak.events = await backlog();
    });
    const to = Date.now();
    say(`Postgres is back after ${Math.round((to - from) / 1_000)} s; ${peak.events} events wait`);
    const drained = await drain(backlog, peak.events);
    const { ok, failed, pickUps } = await sent;
    await hotline.settled(60_000);
    const records = await recordsSince(hotline, Number(before));
    const lost = ok + failed - records.rows;
    const phase = (what: string, inPhase: (pickUp: PickUp) => boolean): Figure[] => {
      const took = pickUps.filter(inPhase).map(({ tookMs }) => tookMs);
      if (took.length === 0) return [];
      return [
        {
          what: `INVITE → 200 OK ${what}, p99`,
          unit: 'ms',
          value: rounded(quantile(took, 0.99)),
          detail: spread(took),
        },
      ];
    };
    const figures: Figure[] = [
      {
        what: `records lost while Postgres was away for ${Math.round(outageMs / 1_000)} s`,
        unit: 'calls',
        value: lost,
        budget: { atMost: 0.5 },
        detail: {
          sent: ok + failed,
          notAsScripted: failed,
          records: records.rows,
          double: records.rows - records.calls,
          open: records.open,
          countedLive: (await hotline.endedCalls()) - endedBefore,
          agentPhoneProblems: robots.problems.length,
        },
      },
      {
        what: 'backlog to Postgres after the outage, calls going on',
        unit: 'events/s',
        value: Math.round(drained.eventsPerSecond),
        budget: { atLeast: 5_000 },
        detail: {
          backlog: peak.events,
          seconds: rounded(drained.seconds),
          firstProgressAfterSeconds: rounded(drained.waitedSeconds),
        },
      },
      ...phase('before', ({ at }) => at < from),
      ...phase('while Postgres is away', ({ at }) => at >= from && at < to),
      ...phase('while the backlog drains', ({ at }) => at >= to && at < drained.at),
      ...phase('afterwards', ({ at }) => at >= drained.at),
    ];
    return figures;
  } finally {
    await robots.stop();
  }
};

/** From the first progress until the backlog is what it is in passing. What comes meanwhile is not counted. */
async function drain(backlog: () => Promise<number>, peak: number) {
  const backAt = performance.now();
  let [begun, had] = [0, peak];
  await until(
    'the backlog to be drained',
    async () => {
      const now = await backlog();
      if (begun === 0 && now < peak) [begun, had] = [performance.now(), now];
      return now < drainedAtEvents;
    },
    { withinMs: 240_000, everyMs: 100 },
  );
  // Of a small backlog the first sight of progress may be its end.
  const seconds = (performance.now() - begun) / 1_000;
  const all = (performance.now() - backAt) / 1_000;
  const [events, took] = seconds > 0.5 ? [had, seconds] : [peak, all];
  return {
    eventsPerSecond: events / took,
    seconds: took,
    waitedSeconds: (begun - backAt) / 1_000,
    at: Date.now(),
  };
}

async function recordsSince(hotline: HotlineUnderLoad, before: number) {
  const [row] = await hotline.query<{ rows: string; calls: string; open: string }>(
    `select count(*) as rows, count(distinct sip_call_id) as calls, count(*) filter (where ended_at is null) as open from call_record`,
  );
  return { rows: Number(row?.rows) - before, calls: Number(row?.calls) - before, open: Number(row?.open) };
}
