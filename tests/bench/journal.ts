import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '../../services/events/instant.ts';
import { Journal } from '../../services/runtime/journal.ts';
import { eventsOfCall, numbered } from '../support/histories.ts';
import { pause } from '../support/until.ts';
import type { Benchmark } from './figure.ts';
import { quantile, rounded, spread } from './statistics.ts';

/** Steps of the engine have between one event and about six; three is the mean of an answered call. */
const eventsPerStep = 3;
/** Pauses let the journal's own 50 ms tick force the log to the disk, as it happens in service. */
const pauseEverySteps = 50;

/** What it costs to write the events of one step before Asterisk is told anything; on the disk of the temporary folder. */
export const journalAppend: Benchmark = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  const problems: string[] = [];
  const journal = new Journal({
    file: join(folder, 'journal.db'),
    newId: randomUUID(),
    onProblem: ({ problem }) => void (problem !== null && problems.push(problem)),
  });
  try {
    const steps = quick ? 1_000 : 10_000;
    const events = manyEvents(steps * eventsPerStep);
    const took: number[] = [];
    for (let step = 0; step < steps; step++) {
      const some = events.slice(step * eventsPerStep, (step + 1) * eventsPerStep);
      const begun = performance.now();
      journal.append(some);
      took.push(performance.now() - begun);
      if (step % pauseEverySteps === 0) await pause(5);
    }
    if (problems.length > 0) throw new Error(`the journal could not be written: ${problems[0]}`);
    return [
      {
        what: `journal append of one step of ${eventsPerStep} events, p99`,
        unit: 'ms',
        value: rounded(quantile(took, 0.99), 3),
        detail: spread(took, 3),
      },
    ];
  } finally {
    journal.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

function manyEvents(count: number) {
  const said = [];
  for (let call = 0; said.length < count; call++) {
    said.push(
      ...eventsOfCall({
        call: `n1-1772413200.${call}`,
        arrivedAt: instant(Date.parse('2026-03-02T09:00:00+08:00') + call * 100),
        callerNumber: '13800138000',
        visits: [
          {
            queue: 'power-service',
            beforeMs: 6_000,
            waitMs: 8_000,
            missedRings: [],
            end: {
              kind: 'answered',
              agent: '1001',
              ringMs: 3_000,
              talk: { talkMs: 3_000, holdMs: 0 },
              wrapUpMs: 10_000,
            },
          },
        ],
      }),
    );
  }
  return numbered(said.slice(0, count));
}
