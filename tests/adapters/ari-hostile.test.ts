import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureTools } from '../../infra/tools/tools.ts';
import { type AriTelephony, createAriTelephony } from '../../services/adapters/ari/telephony.ts';
import { asId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { framesOfCaller } from '../support/ari-frames.ts';
import { type FalseAsterisk, falseArrival, startFalseAsterisk } from '../support/false-asterisk.ts';
import { heapBytes } from '../support/memory.ts';
import { mutated } from '../support/mutate.ts';
import { type Chance, chance } from '../support/seeded.ts';
import { until } from '../support/until.ts';

/** On a machine that has other work as well. */
const patient = { withinMs: 30_000 };

let asterisk: FalseAsterisk;
let telephony: AriTelephony;
let facts: TelephonyFact[];
let wrong: TelephonyFact[];
let logged: string[];
let strange: number;

beforeEach(async () => {
  const { asteriskRestApiDir } = await ensureTools(['run'], () => undefined);
  asterisk = await startFalseAsterisk(asteriskRestApiDir);
  [facts, wrong, logged, strange] = [[], [], [], 0];
  telephony = createAriTelephony({
    url: asterisk.url,
    user: 'hotline',
    password: 'x',
    nodeId: asId('n1'),
    soundsDir: 'hotline',
    sink: (fact) => {
      facts.push(fact);
      if (!isWhole(fact)) wrong.push(fact);
    },
    log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
    onStrangeFrame: () => {
      strange += 1;
    },
    // Longer than the test: what it leaves is looked at by itself.
    sweepEveryMs: 600_000,
  });
  telephony.start();
  await isUp(1);
});
afterEach(async () => {
  await telephony.stop();
  await asterisk.close();
});

test('40 000 events with something wrong in each: what is told is whole, nothing fails, nothing grows, and calls go on', async () => {
  const dice = chance();
  await send(10_000, dice);
  await forgotten();
  const before = heapBytes();
  await send(30_000, dice);
  expect(strange).toBeGreaterThan(5_000);
  expect(wrong).toEqual([]);
  expect(logged.slice(0, 3)).toEqual([]);
  await forgotten();
  expect(heapBytes() - before).toBeLessThan(12_000_000);
  asterisk.send(falseArrival('n1-1.1'));
  await until('a caller to arrive', () =>
    facts.some((fact) => fact.kind === 'arrived' && fact.legId === asId('n1-1.1')),
  );
  telephony.perform({ kind: 'answer', legId: asId('n1-1.1') });
  await until('the caller to be answered', () =>
    asterisk.requests.includes('POST /ari/channels/n1-1.1/answer'),
  );
}, 120_000);

/** Told, everywhere, as the types promise it. */
function isWhole(fact: TelephonyFact): boolean {
  if ('legId' in fact && (typeof fact.legId !== 'string' || fact.legId === asId(''))) return false;
  switch (fact.kind) {
    case 'arrived':
      return [fact.callerNumber, fact.dialledNumber, fact.account, fact.sipCallId].every(
        (text) => typeof text === 'string',
      );
    case 'digit':
      return /^[0-9A-D*#]$/.test(fact.digit);
    case 'transfer-asked':
      return fact.to.kind === 'other-call' || /^[-+*#._\p{L}\p{N}]{0,64}$/u.test(fact.to.number);
    default:
      return true;
  }
}

async function isUp(times: number): Promise<void> {
  await until(
    'the node to be up',
    () => facts.filter(({ kind }) => kind === 'node-up').length === times,
    patient,
  );
}

/** Mutated events of callers who come and go, and whole ones between them. */
async function send(count: number, dice: Chance): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    const frames = framesOfCaller(`n1-9.${dice.below(300)}`);
    const frame = dice.one(frames);
    asterisk.send(dice.below(10) === 0 ? frame : (JSON.stringify(mutated(frame, dice)) ?? 'null'));
    if (sent % 500 === 0) await setImmediate();
  }
  const last = `n1-7.${dice.next()}`;
  asterisk.send(falseArrival(last));
  await until(
    'all to be heard',
    () => facts.some((fact) => fact.kind === 'arrived' && fact.legId === asId(last)),
    patient,
  );
}

/** All callers are gone from Asterisk, and so from everywhere. */
async function forgotten(): Promise<void> {
  const ups = facts.filter(({ kind }) => kind === 'node-up').length;
  asterisk.dropSocket();
  await until('the node to be up again', () => facts.filter(({ kind }) => kind === 'node-up').length > ups);
  expect(facts.at(-1)).toMatchObject({ kind: 'node-up', liveLegs: [] });
  facts.length = 0;
  asterisk.requests.length = 0;
}
