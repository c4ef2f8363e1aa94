import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { seeded } from '../support/caller.ts';
import { killAtRandom } from './kills.ts';
import { workShift } from './shift.ts';

/** The size of the run; 1 000 calls with 50 kills: HOTLINE_CHAOS_CALLS=1000. */
const CALLS = Number(process.env.HOTLINE_CHAOS_CALLS ?? 300);
const KILLS = Number(process.env.HOTLINE_CHAOS_KILLS ?? 50);
const RATE = Number(process.env.HOTLINE_CHAOS_RATE ?? 1.4);
const AGENTS = 14;
const STANDBY = process.env.HOTLINE_CHAOS_STANDBY !== 'off';
/** Set it to a seed that was printed, to have the same people and instants again. */
const SEED = Number(process.env.HOTLINE_TEST_SEED ?? Date.now() % 1_000_000);

test(`${CALLS} calls while the controller is killed at ${KILLS} random instants: nobody is cut off, every call has its one right record`, async () => {
  console.info(`seed ${SEED} (HOTLINE_TEST_SEED=${SEED} repeats these people and instants)`);
  const random = seeded(SEED);
  const { hotline, judge } = await workShift(
    { seed: SEED, calls: CALLS, ratePerSecond: RATE, agents: AGENTS, standby: STANDBY },
    ({ instance }, over) =>
      killAtRandom(instance, { kills: KILLS, random, livesUpToMs: 3_000, whileStarting: 0.15 }, over),
  );
  onTestFinished(() => hotline.stop());
  const shift = await judge();
  console.info(JSON.stringify(shift.figures));
  if (process.env.CHAOS_OUT) writeFileSync(process.env.CHAOS_OUT, shift.wrong.join('\n\n'));
  expect(
    shift.wrong.map((what) => what.slice(0, 20_000)).slice(0, 12),
    `${shift.wrong.length} things are wrong`,
  ).toEqual([]);
}, 1_800_000);
