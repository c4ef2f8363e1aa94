import { join } from 'node:path';
import { Telephones } from '../support/telephones.ts';
import { SAMPLE_RATE_HZ, sine, toneStartMs } from '../support/tone.ts';
import { pause, until } from '../support/until.ts';
import { writeWav } from '../support/wav.ts';
import { numberOf } from './bench-centre.ts';
import type { Benchmark } from './figure.ts';
import { quantile, rounded, spread } from './statistics.ts';
import { sendCalls } from './traffic.ts';

const budgetMs = 60;
/** What key 1 leads to in the small flow of 95598 (tests/support/flows), for this while as a tone that nothing else has. */
const nextPrompt = 'advice-payment';
const promptHz = 1_250;
/** Together 20 calls a second. */
const probesPerSecond = 2;
const othersPerSecond = 18;
/** The test tools fall silent this long after a key before they call it said. */
const keyGapMs = 60;

/**
 * From the end of a caller's key (RFC 4733) to the first sound of the prompt it leads to, in the caller's ear, while 20 calls a second
 * come: two of them listen, the others press keys and leave.
 */
export const keyToPrompt: Benchmark = async ({ quick, hotline: shared, say }) => {
  const hotline = await shared();
  const probes = quick ? 20 : 200;
  const seconds = probes / probesPerSecond;
  writeWav(join(hotline.home, 'sounds/zh-CN', `${nextPrompt}.wav`), {
    samples: sine(promptHz, SAMPLE_RATE_HZ),
    sampleRateHz: SAMPLE_RATE_HZ,
  });
  const telephones = new Telephones(hotline.tools, hotline.sipPort);
  const took: number[] = [];
  const troubles: string[] = [];
  try {
    const others = sendCalls(hotline, {
      dials: numberOf.withWrapUp,
      keyAfterMs: 500,
      keyAgainAfterMs: 60_000,
      leaveInMenu: 1,
      calls: Math.ceil(othersPerSecond * seconds),
      ratePerSecond: othersPerSecond,
      openAtMost: 1_000,
      withinMs: (seconds + 60) * 1_000,
    });
    const listening: Promise<void>[] = [];
    for (let probe = 0; probe < probes; probe++) {
      listening.push(
        keyPress(telephones, `1360000${String(probe).padStart(4, '0')}`).then(
          (ms) => void took.push(ms),
          (error: unknown) => void troubles.push(String(error)),
        ),
      );
      await pause(1_000 / probesPerSecond);
    }
    await Promise.all(listening);
    const { ok, failed } = await others;
    say(
      `${took.length} keys heard, ${troubles.length} not${troubles[0] ? ` (${troubles[0]})` : ''}; others: ${ok} well, ${failed} not`,
    );
    await hotline.settled(60_000);
    return [
      {
        what: 'end of a key → first sound of the next prompt, 20 calls/s, p99',
        unit: 'ms',
        value: rounded(quantile(took, 0.99)),
        budget: { atMost: budgetMs },
        detail: { ...spread(took), unheard: troubles.length, others: ok, othersFailed: failed },
      },
    ];
  } finally {
    await telephones.stopAll();
  }
};

/** Cuts the greeting short with key 1. */
async function keyPress(telephones: Telephones, from: string): Promise<number> {
  const caller = await telephones.trunkPhone(from);
  const answered = await caller.dial(numberOf.withWrapUp);
  if (answered !== 'answered') throw new Error(`${from} got ${answered}`);
  const { recording } = caller.media;
  await until('the greeting', () => recording.packetCount > 20, { withinMs: 10_000 });
  await caller.press('1');
  const keyEndedMs = recording.msAt(Date.now() - keyGapMs);
  await caller.media.hears(promptHz, {
    forMs: 300,
    withinMs: 10_000,
    sinceMs: Math.max(0, keyEndedMs - 200),
  });
  const fromMs = Math.max(0, keyEndedMs - 100);
  const startMs = toneStartMs(recording.sound(fromMs), promptHz);
  await caller.hangUp();
  if (startMs === undefined) throw new Error(`${from} never heard the prompt`);
  return fromMs + startMs - keyEndedMs;
}
