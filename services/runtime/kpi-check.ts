import type { HotlineEvent } from '../events/events.ts';
import type { QueueId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { type ComparedKpi, type KpiDifference, kpiDifferences, mismatchOf } from '../kpi/compare-counts.ts';
import { countsToday, foldToday, rollOver, type TodayRules } from '../kpi/today.ts';
import type { EngineState } from './engine.ts';
import type { KpiBooksPort } from './kpi-books-port.ts';

export type KpiCheckOptions = {
  state: Pick<EngineState, 'today' | 'seq'>;
  onEvents: (listener: (events: readonly HotlineEvent[]) => void) => () => void;
  journalId: () => string;
  books: KpiBooksPort;
  /** Those whose counts are compared: a queue that is not configured any more is not counted live. */
  queues: readonly QueueId[];
  rules: TodayRules;
  /** Resolves when everything journalled so far is in the records; rejects when that takes too long. */
  shipped: () => Promise<void>;
  clock: () => Instant;
  schedule: (ms: number, callback: () => void) => () => void;
  log: { info(what: object, text: string): void; warn(what: object, text: string): void };
};

/** As of the last comparison that came to an end. */
export type KpiChecked = { at: Instant; day: string; differences: readonly KpiDifference[] };

const firstAfterMs = 5_000;
const everyMs = 60_000;
const againAfterMs = 10_000;
/** More events than this while Postgres answers one question, and the comparison is put off. */
const mostEventsMeanwhile = 200_000;

/**
 * Compares the two books of the day's KPIs once a minute: the counters that are kept as things happen, and SQL over the records.
 * Both are taken at the same event, so that what is on its way to Postgres is no difference: the counters are remembered, and what
 * happens until Postgres answers is added up to where the records end.
 */
export function createKpiCheck(options: KpiCheckOptions) {
  const { state, clock, rules, log } = options;
  let heardSeq = state.seq;
  let meanwhile: HotlineEvent[] | null = null;
  let checked: KpiChecked | null = null;
  let failing = false;
  let stopped = false;
  let cancel: () => void = () => undefined;

  const unsubscribe = options.onEvents((events) => {
    heardSeq = events.at(-1)?.seq ?? heardSeq;
    if (meanwhile !== null && meanwhile.length <= mostEventsMeanwhile) meanwhile.push(...events);
  });

  async function compare(): Promise<void> {
    const day = rules.localDay(clock());
    const from = { today: rollOver(state.today, day), seq: heardSeq };
    const heard: HotlineEvent[] = [];
    meanwhile = heard;
    const recorded = await options
      .shipped()
      .then(() => options.books.countsOfDay(options.journalId(), from.today.day))
      .finally(() => {
        meanwhile = null;
      });
    if (recorded.seq < from.seq) throw new Error('the records end before the counters do');
    if (heard.length > mostEventsMeanwhile) throw new Error('too much happened while the records were read');
    let { today } = from;
    for (const event of heard) if (event.seq <= recorded.seq) today = foldToday(today, event, rules);
    if (today.day !== from.today.day) throw new Error('a new day began while the records were read');
    const live = new Map(options.queues.map((queue) => [queue, countsToday(today, queue)]));
    tell(kpiDifferences(options.queues, live, recorded.counts), today.day);
  }

  function tell(differences: readonly KpiDifference[], day: string): void {
    const before = checked?.differences ?? [];
    checked = { at: clock(), day, differences };
    if (differences.length > 0)
      log.warn(
        { day, differences: differences.slice(0, 20) },
        'the counters of the day are not what the records amount to',
      );
    else if (before.length > 0) log.info({ day }, 'the counters of the day are what the records amount to');
  }

  async function work(): Promise<void> {
    let next = everyMs;
    try {
      await compare();
      failing = false;
    } catch (error) {
      if (!failing)
        log.warn({ err: error }, 'the two books of KPIs cannot be compared now; it is tried again');
      failing = true;
      next = againAfterMs;
    }
    arm(next);
  }

  function arm(ms: number): void {
    if (!stopped) cancel = options.schedule(ms, () => void work());
  }

  return {
    start: (): void => arm(firstAfterMs),
    /** null until there has been a comparison. */
    lastChecked: (): KpiChecked | null => checked,
    /** How far the books were apart; null until there has been a comparison. */
    mismatch: (kpi: ComparedKpi): number | null =>
      checked === null ? null : mismatchOf(kpi, checked.differences),
    stop(): void {
      stopped = true;
      cancel();
      unsubscribe();
    },
  };
}
export type KpiCheck = ReturnType<typeof createKpiCheck>;
