import { emptyWorld } from '../calls/world.ts';
import type { Instant } from '../events/instant.ts';
import { createToday, type TodayRules } from '../kpi/today.ts';
import { type Engine, type EngineState, replay } from './engine.ts';
import type { Journal } from './journal.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';

const readAtOnce = 5_000;

/**
 * The state the last controller left: its newest snapshot, and the journal's events since. What has become of the legs
 * meanwhile is found out when the node comes up (calls/node.ts); a first start is a recovery of nothing.
 */
export function recoverState(
  journal: Journal,
  todayRules: TodayRules,
  now: Instant,
): { state: EngineState; restarts: number } {
  const restarts = journal.countStart() - 1;
  const state = newestState(journal) ?? {
    world: emptyWorld(),
    today: createToday(todayRules.localDay(now)),
    seq: 0,
  };
  let events = journal.read(state.seq, readAtOnce);
  while (events.length > 0) {
    replay(state, events, todayRules);
    events = journal.read(state.seq, readAtOnce);
  }
  return { state, restarts };
}

function newestState(journal: Journal): EngineState | null {
  for (const text of journal.snapshots()) {
    const state = readSnapshot(text);
    if (state) return state;
  }
  return null;
}

const snapshotEveryMs = 60_000;

/** Writes the engine's state from time to time, and once more at the end, so that a start replays little. */
export function keepSnapshots(journal: Journal, engine: Engine): { stop(): void } {
  let savedSeq = -1;
  const save = () => {
    if (engine.state.seq === savedSeq) return;
    savedSeq = engine.state.seq;
    journal.saveSnapshot(savedSeq, writeSnapshot(engine.state));
  };
  const timer = setInterval(save, snapshotEveryMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      save();
    },
  };
}
