import { until } from '../support/until.ts';
import { numberOf } from './bench-centre.ts';
import { watchCpu } from './cpu-use.ts';
import type { Benchmark } from './figure.ts';
import type { HotlineUnderLoad } from './hotline-under-load.ts';
import { rounded, slope } from './statistics.ts';
import { robotAgents, sendCalls } from './traffic.ts';

const budgetMB = 200;
/** Growth that would be noise of the collector: over 10 000 calls it stays within a tenth of the budget. */
const growthBudgetMB = 2;
const agentCount = 30;
const longestMs = 8 * 60_000;

/** Memory of the controller while calls pass through it as fast as the machine bears, sampled at rest after every thousand. */
export const memory: Benchmark = async ({ quick, hotline: shared, say }) => {
  const hotline = await shared();
  const [wanted, portion] = quick ? [1_000, 200] : [10_000, 1_000];
  hotline.shortenPrompts();
  const robots = await robotAgents(hotline, hotline.agents.slice(0, agentCount), {
    answerAfterMs: 20,
    talkMs: 60,
  });
  const giveUpAt = performance.now() + longestMs;
  const cpuUse = watchCpu(hotline.home);
  const points = [{ x: 0, y: await restingRssMB(hotline) }];
  const total = { ok: 0, failed: 0, seconds: 0 };
  try {
    for (let done = 0; done < wanted && performance.now() < giveUpAt; done += portion) {
      const sent = await sendCalls(hotline, {
        dials: numberOf.withoutWrapUp,
        keyAfterMs: 200,
        keyAgainAfterMs: 3_000,
        leaveInMenu: 0.1,
        calls: portion,
        ratePerSecond: 40,
        openAtMost: 60,
        withinMs: 180_000,
      });
      total.ok += sent.ok;
      total.failed += sent.failed;
      total.seconds += sent.seconds;
      const y = await restingRssMB(hotline);
      points.push({ x: (done + portion) / 1_000, y });
      say(
        `${done + portion} calls: ${y.toFixed(0)} MB (${(portion / sent.seconds).toFixed(1)} calls/s, ${sent.failed} failed)`,
      );
    }
  } finally {
    await robots.stop();
  }
  const secondHalf = points.slice(Math.ceil(points.length / 2));
  const calls = (points.at(-1)?.x ?? 0) * 1_000;
  const detail = {
    calls,
    ok: total.ok,
    failed: total.failed,
    callsPerSecond: rounded(total.ok / total.seconds),
    rssMB: points.map(({ y }) => Math.round(y)).join(' '),
    agentPhoneProblems: robots.problems.length,
    ...cpuUse(),
  };
  return [
    {
      what: `controller memory after ${calls} real calls`,
      unit: 'MB',
      value: rounded(points.at(-1)?.y ?? Number.NaN),
      budget: { atMost: budgetMB },
      detail,
    },
    {
      what: 'growth of the memory over the second half of the calls',
      unit: 'MB/1000 calls',
      value: rounded(slope(secondHalf), 2),
      budget: { atMost: growthBudgetMB },
      detail: { points: secondHalf.length },
    },
  ];
};

/** The smallest of what is seen during some seconds without a call: what the collector could not give back. */
async function restingRssMB(hotline: HotlineUnderLoad): Promise<number> {
  await hotline.settled(60_000);
  const seen: number[] = [];
  await until('ten looks at the memory', () => seen.push(hotline.controllerRssMB()) >= 10, {
    withinMs: 10_000,
    everyMs: 300,
  });
  return Math.min(...seen);
}
