import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HotlineEvent } from '../../services/events/events.ts';
import { Journal } from '../../services/runtime/journal.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';
import { pause } from '../support/until.ts';
import type { Benchmark } from './figure.ts';
import { quantile, rounded, spread } from './statistics.ts';

const agents = Array.from({ length: 10 }, (_, index) => String(1_001 + index));
const callsAtOnce = 10;
const budgetMs = 1;

/**
 * What the journal adds to a step of the engine: the same answered calls, in turns, by two engines of which one writes its events to a
 * real journal, on the disk of the temporary folder. Pauses let the journal's own ticks force the log to the disk, as in service.
 */
export const journalAppend: Benchmark = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  const problems: string[] = [];
  const journal = new Journal({
    file: join(folder, 'journal.db'),
    newId: 'sim',
    onProblem: ({ problem }) => void (problem !== null && problems.push(problem)),
  });
  const took: number[] = [];
  const append = (events: readonly HotlineEvent[]): void => {
    const begun = performance.now();
    journal.append(events);
    took.push(performance.now() - begun);
  };
  /** What a busy machine does to steps that write nothing: the time from one to the next. */
  const steps: number[] = [];
  let stepBegun = performance.now();
  const noteStep = (): void => {
    const now = performance.now();
    steps.push(now - stepBegun);
    stepBegun = now;
  };
  const [without, withJournal] = [centre(noteStep), centre(append)];
  const seconds = { without: 0, withJournal: 0 };
  try {
    for (let turn = 0; turn < 5; turn++) for (const hotline of [without, withJournal]) serve(hotline);
    took.length = 0;
    steps.length = 0;
    for (let turn = 0; turn < (quick ? 30 : 300); turn++) {
      stepBegun = performance.now();
      seconds.without += serve(without);
      seconds.withJournal += serve(withJournal);
      await pause(10);
    }
    if (problems.length > 0) throw new Error(`the journal could not be written: ${problems[0]}`);
    const perStepMs = (one: number): number => (one * 1_000) / took.length;
    return [
      {
        what: 'journal adds to a step of the engine, p99',
        unit: 'ms',
        value: rounded(quantile(took, 0.99), 3),
        budget: { atMost: budgetMs },
        detail: {
          ...spread(took, 3),
          p999: rounded(quantile(took, 0.999), 3),
          stepWithoutP99: rounded(quantile(steps, 0.99), 3),
          stepWithoutMs: rounded(perStepMs(seconds.without), 3),
          stepWithMs: rounded(perStepMs(seconds.withJournal), 3),
          timesAsLong: rounded(seconds.withJournal / seconds.without, 2),
        },
      },
    ];
  } finally {
    journal.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

function centre(onAppend?: (events: readonly HotlineEvent[]) => void): SimulatedHotline {
  const hotline = simulateHotline({ fake: { promptMs: () => 500 }, ...(onAppend && { onAppend }) });
  for (const agent of agents) hotline.signIn(agent, { answerAfterMs: 1_000, hangUpAfterMs: 5_000 });
  return hotline;
}

/** @returns the seconds it took; the time in the calls is simulated */
function serve(hotline: SimulatedHotline): number {
  const begun = performance.now();
  for (let call = 0; call < callsAtOnce; call++) {
    const leg = hotline.call('95598', `1380013${String(call).padStart(4, '0')}`);
    hotline.until(() => hotline.stage(leg) === 'ivr', 'the menu answers');
    hotline.telephony.callerPresses(leg, '0');
  }
  hotline.until(() => hotline.engine.state.world.calls.size === 0, 'all calls end', 600_000);
  hotline.events.length = 0;
  return (performance.now() - begun) / 1_000;
}
