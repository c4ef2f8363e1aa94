import { isDeepStrictEqual } from 'node:util';
import { limitsMs } from '../../../services/calls/timers.ts';
import { emptyWorld } from '../../../services/calls/world.ts';
import { emptyLedger, foldLedger, type Ledger } from '../../../services/cdr/ledger.ts';
import type { KpiCounts } from '../../../services/kpi/counts.ts';
import { createToday, type Today } from '../../../services/kpi/today.ts';
import { replay } from '../../../services/runtime/engine.ts';
import { readSnapshot, writeSnapshot } from '../../../services/runtime/snapshot.ts';
import { unmatchedEvents } from '../invariants.ts';
import type { SimulatedHotline } from '../simulated-hotline.ts';

/** A day that ended, as it was counted live, and how many events there had been. */
export type CountedDay = { readonly today: Today; readonly events: number };

/** What is wrong when all has come to its end: something is left over, or two books differ. In words. */
export function brokenBooks(hotline: SimulatedHotline, days: readonly CountedDay[]): string[] {
  const { events, telephony, engine } = hotline;
  const { world, today } = engine.state;
  const problems: string[] = [];
  const none = (what: string, things: Iterable<unknown>) => {
    const left = [...things];
    if (left.length > 0)
      problems.push(`${what}: ${left.slice(0, 5).join(', ')}${left.length > 5 ? ' …' : ''}`);
  };
  const live = telephony.live();
  none('bugs', hotline.bugs);
  none('legs that Asterisk has', live.legs);
  none('bridges that Asterisk has', live.bridges);
  none('prompts that are still heard', live.playbacks);
  none('calls that are still open', world.calls.keys());
  none('legs that are still open', world.legs.keys());
  none('events without their other half', unmatchedEvents(events));
  none(
    'agents who are not available',
    [...hotline.centre.agents.keys()]
      .filter((agent) => hotline.agent(agent) !== 'available')
      .map((agent) => `${agent} is ${hotline.agent(agent)}`),
  );
  const ledger = foldLedger(emptyLedger(), events);
  const calls = [...ledger.calls.values()];
  none(
    'calls without an outcome',
    calls.filter((call) => call.outcome === null || call.endedAt === null).map(({ callId }) => callId),
  );
  const arrivals = events.filter(({ type }) => type === 'CallArrived').length;
  if (calls.length !== arrivals)
    problems.push(`${arrivals} calls arrived, ${calls.length} are in the records`);

  // However the wall clock was set, no time is negative or absurd.
  const longestMs = (limitsMs.longestCall + limitsMs.nodeInDoubt) * 1.06;
  const absurd = (ms: number) => ms < 0 || ms > longestMs;
  none(
    'calls with absurd times',
    calls
      .filter((call) => [(call.endedAt ?? 0) - call.startedAt, call.talkMs, call.waitMs].some(absurd))
      .map(({ callId }) => callId),
  );

  const asOf = days.map((day) => ({
    ...day,
    ledger: foldLedger(emptyLedger(), events.slice(0, day.events)),
  }));
  for (const day of [...asOf, { today, ledger }])
    none(
      `counts of ${day.today.day} that differ from the records`,
      differingCounts(hotline, day.today, day.ledger),
    );

  // The journal alone leads to the same state, and so does a snapshot.
  const again = {
    world: emptyWorld(),
    today: createToday(hotline.todayRules.localDay(events[0]?.at ?? (0 as never))),
    seq: 0,
  };
  replay(again, events, hotline.todayRules);
  const { timers: _a, ...live2 } = world;
  const { timers: _b, ...replayed } = again.world;
  if (!isDeepStrictEqual({ ...again, world: replayed }, { ...engine.state, world: live2 }))
    problems.push('the journal, replayed, leads to another state');
  if (!isDeepStrictEqual(readSnapshot(writeSnapshot(engine.state)), engine.state))
    problems.push('a snapshot, read again, is another state');
  return problems;
}

/** Double books: what was counted live, and what the records say. */
function differingCounts(hotline: SimulatedHotline, today: Today, ledger: Ledger): string[] {
  const { localDay } = hotline.todayRules;
  const visits = [...ledger.visits.values()].filter((visit) => localDay(visit.queuedAt) === today.day);
  return [...hotline.centre.queues.keys()].flatMap((queue) => {
    const ofQueue = visits.filter((visit) => visit.queue === queue);
    const having = (outcome: string) => ofQueue.filter((visit) => visit.outcome === outcome);
    const recorded: Partial<KpiCounts> = {
      offered: ofQueue.length,
      answered: having('answered').length,
      abandoned: having('abandoned').length,
      flowOut: having('flow_out').length,
      waitAnsweredMs: having('answered').reduce((ms, visit) => ms + (visit.waitMs ?? 0), 0),
    };
    const counted: Partial<KpiCounts> = today.queues[queue] ?? {};
    return Object.entries(recorded)
      .filter(([name, n]) => (counted[name as keyof KpiCounts] ?? 0) !== n)
      .map(([name, n]) => `${queue}: ${name} ${counted[name as keyof KpiCounts] ?? 0}, in the records ${n}`);
  });
}
