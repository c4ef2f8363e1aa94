import { afterAll, expect, test } from 'vitest';
import type { EventType } from '../../services/events/events.ts';
import { liveThroughRandomDay } from '../support/random-days/day-of.ts';

/**
 * A hundred days of 24 simulated hours, each with its own callers, agents and faults: killed controllers, a telephone system that
 * dies, hangs or refuses, facts that come late, twice and out of order, clocks that jump, and centres that change under way.
 * Others with HOTLINE_TEST_SEEDS=n or HOTLINE_TEST_HOURS=n; one alone with HOTLINE_TEST_SEED=n.
 */
const one = process.env.HOTLINE_TEST_SEED;
const seeds = one
  ? [Number(one)]
  : Array.from({ length: Number(process.env.HOTLINE_TEST_SEEDS ?? 100) }, (_, i) => i + 1);
const hours = Number(process.env.HOTLINE_TEST_HOURS ?? 24);
/** What these days had in them. */
const happened = new Map<EventType, number>();
let deedsDone = 0;
let checks = 0;

test.each(seeds)('a day of random callers, agents and faults breaks no invariant (seed %i)', (seed) => {
  const { deeds, outcome, story } = liveThroughRandomDay(seed, hours * 3_600_000);
  if (story !== null) expect.fail(story);
  const had = countsOf(outcome.events);
  expect(had.get('CallConnected') ?? 0, 'calls were answered at all').toBeGreaterThan(hours);
  expect(had.get('NodeConnected') ?? 0, 'connections were lost at all').toBeGreaterThan(hours);
  for (const [type, n] of had) happened.set(type, (happened.get(type) ?? 0) + n);
  deedsDone += deeds.length;
  checks += outcome.checks;
});

// Of all days together: one alone, repeated by its seed, need not have it all.
if (one === undefined)
  test('in these days there was all that callers and agents can do', () => {
    const wanted: EventType[] = [
      'LookupEnded',
      'FlowValuesSet',
      'SurveyAnswered',
      'WaitAnnounced',
      'SwitchChanged',
      'VoicemailEnded',
      'TransferConnected',
      'CallbackRequested',
      'CallbackAttemptEnded',
      'CallbackEnded',
      'CallHeld',
      'CallPassedOn',
      'CallReturning',
      'TransferKeyAnswered',
      'ConsultTurned',
      'ConsultEnded',
      'TaskOpened',
      'OrderFailed',
    ];
    expect(wanted.filter((type) => !happened.has(type))).toEqual([]);
  });

afterAll(() => {
  const n = (type: EventType) => happened.get(type) ?? 0;
  console.info(
    `${seeds.length} days of ${hours} h: ${deedsDone} deeds, ${n('CallArrived')} calls, ${n('CallConnected')} conversations, ` +
      `${n('ControllerStarted')} controllers, ${n('NodeConnected')} connections; invariants looked at ${checks} times`,
  );
});

function countsOf(events: readonly { readonly type: EventType }[]): Map<EventType, number> {
  const counts = new Map<EventType, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
