import { emptyWorld } from '../calls/world.ts';
import type { Instant } from '../events/instant.ts';
import { createToday, type TodayRules } from '../kpi/today.ts';
import { type EngineState, replay } from './engine.ts';
import type { InheritancePort } from './inheritance-port.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';

const readAtOnce = 2_000;
/** Without a snapshot no more than this is gone through: older calls are long over. */
const mostReplayed = 200_000;

/**
 * The state another controller left in Postgres: its newest snapshot, and its events since. What it had not shipped yet (the last
 * 0.2 s) is not in it and never comes: its journal is closed first. The state is kept in Postgres as the heir's own before it acts:
 * its journal alone, which tells only what comes after, would leave the next heir without the calls that were inherited.
 */
export async function inheritState(
  port: InheritancePort,
  /** The journal of who held the lease before. */
  before: string,
  /** The journal that the heir begins; it is shipped under its own name. */
  heir: string,
  todayRules: TodayRules,
  now: Instant,
): Promise<{ state: EngineState; from: string | null; events: number }> {
  const journalId = await port.ancestor();
  const empty = (seq: number): EngineState => ({
    world: emptyWorld(),
    today: createToday(todayRules.localDay(now)),
    seq,
  });
  await port.close([before, ...(journalId === null || journalId === before ? [] : [journalId])]);
  if (journalId === null) return { state: empty(0), from: null, events: 0 };
  const { storedAs } = await port.last(journalId);
  if (storedAs !== journalId) await port.close([storedAs]);
  const { snapshot, seq } = await port.last(journalId);
  const state =
    (snapshot === null ? null : readSnapshot(snapshot.body)) ?? empty(Math.max(0, seq - mostReplayed));
  const first = state.seq;
  while (state.seq < seq) {
    const to = Math.min(seq, state.seq + readAtOnce);
    replay(state, await port.events(storedAs, state.seq + 1, to), todayRules);
    state.seq = to;
  }
  // The heir's journal counts from its own beginning.
  const inherited = { ...state, seq: 0 };
  await port.keepSnapshot(heir, heir, 0, writeSnapshot(inherited));
  return { state: inherited, from: journalId, events: seq - first };
}
