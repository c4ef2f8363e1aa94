import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { seeded } from '../support/caller.ts';
import { differences } from './compare.ts';
import { killAtRandom } from './kills.ts';
import { workShift } from './shift.ts';

/** The size of the run; 1 000 calls with 50 kills: HOTLINE_CHAOS_CALLS=1000. */
const CALLS = Number(process.env.HOTLINE_CHAOS_CALLS ?? 300);
const KILLS = Number(process.env.HOTLINE_CHAOS_KILLS ?? 50);
const RATE = Number(process.env.HOTLINE_CHAOS_RATE ?? 1.4);
/** How long a controller lives at most before the next kill, once it serves calls. */
const LIVES_UP_TO_MS = Number(process.env.HOTLINE_CHAOS_LIVES_MS ?? 4_000);
const AGENTS = 14;
/** Afterwards the same people call a service that nobody disturbs, and the two days' figures are compared. */
const COMPARE = process.env.HOTLINE_CHAOS_COMPARE === 'on';
const STANDBY = process.env.HOTLINE_CHAOS_STANDBY !== 'off';
/** Set it to a seed that was printed, to have the same people and instants again. */
const SEED = Number(process.env.HOTLINE_TEST_SEED ?? Date.now() % 1_000_000);

test(`${CALLS} calls and ${KILLS} kills at random instants, of the controller mostly, of Postgres now and then: nobody is cut off, every call has its one right record`, async () => {
  console.info(`seed ${SEED} (HOTLINE_TEST_SEED=${SEED} repeats these people and instants)`);
  const random = seeded(SEED);
  const plan = { seed: SEED, calls: CALLS, ratePerSecond: RATE, agents: AGENTS, standby: STANDBY };
  const { hotline, judge } = await workShift(plan, ({ instance }, longTalk) =>
    killAtRandom(instance, {
      kills: KILLS,
      random,
      livesUpToMs: LIVES_UP_TO_MS,
      whileStarting: 0.15,
      ofPostgres: 0.1,
      // A conversation does not notice that nobody is there.
      meanwhile: longTalk.stands,
    }),
  );
  // Stopped before the other day begins: it would take the machine's attention.
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= hotline.stop());
  onTestFinished(stop);
  const shift = await judge();
  console.info(JSON.stringify(shift.figures));
  expect(shift.kills).toHaveLength(KILLS);
  if (process.env.CHAOS_OUT) writeFileSync(process.env.CHAOS_OUT, shift.wrong.join('\n\n'));
  expect(
    shift.wrong.map((what) => what.slice(0, 20_000)).slice(0, 12),
    `${shift.wrong.length} things are wrong`,
  ).toEqual([]);
  if (!COMPARE) return;
  await stop();
  const undisturbed = await workShift({ ...plan, calls: shift.figures.calls ?? CALLS }, async () => []);
  onTestFinished(() => undisturbed.hotline.stop());
  const calm = await undisturbed.judge();
  console.info(JSON.stringify({ kpis: { withKills: shift.counts, without: calm.counts } }));
  expect(calm.wrong).toEqual([]);
  expect(differences(SEED, shift, calm)).toEqual([]);
}, 3_600_000);
