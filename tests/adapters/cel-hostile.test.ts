import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCelAccount } from '../../services/adapters/cel/account.ts';
import { parseCel } from '../../services/adapters/cel/parse.ts';
import type { CelRecord } from '../../services/cdr/cel-record.ts';
import { callFromCel } from '../../services/cdr/from-cel.ts';
import { eventsToldByCel } from '../../services/cdr/told-by-cel.ts';
import { asId } from '../../services/events/ids.ts';
import { arrivedAlone, cel, celLine, hangUp, leftQueue, queued, said } from '../support/cel-lines.ts';
import { heapBytes } from '../support/memory.ts';
import { type Chance, chance } from '../support/seeded.ts';

let folder: string;
let file: string;
let warned: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-cel-'));
  file = join(folder, 'cel.csv');
  warned = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) });
const open = () => createCelAccount({ file, storeFile: join(folder, 'store.db'), log, settledAfterMs: 0 });

/** A whole call, under a name of its own. */
const call = (n: number): CelRecord[] =>
  [...arrivedAlone(), queued(4), leftQueue(24), ...hangUp(24, 'party')].map((record) => ({
    ...record,
    linkedId: `n1-5.${n}`,
    uniqueId: `n1-5.${n}`,
  }));

/** Something that may stand in a file after a full disk, a power cut, a bug or a prank. */
function noise(dice: Chance): Buffer {
  const line = celLine(dice.one(call(dice.below(1_000))));
  switch (dice.below(7)) {
    case 0:
      return dice.bytes(dice.below(2_000));
    case 1:
      return Buffer.from(line.slice(0, dice.below(line.length)));
    case 2:
      return Buffer.from(line.slice(dice.below(line.length)));
    case 3:
      return Buffer.alloc(dice.below(20_000));
    case 4:
      return Buffer.from(`"CEL1","HANGUP","1.000000","${'x'.repeat(dice.below(100_000))}`);
    case 5:
      return Buffer.from('"CEL1","A","1.000000",'.repeat(dice.below(200)));
    default:
      return Buffer.from(`${'"'.repeat(dice.below(5_000))},\n`);
  }
}

test('5 000 pieces of noise between whole calls: each whole call behind a line break is read, nothing fails, nothing grows', () => {
  const account = open();
  const dice = chance();
  const heap = heapBytes();
  try {
    for (let i = 0; i < 5_000; i += 1) {
      appendFileSync(file, noise(dice));
      if (i % 50 > 0) continue;
      // A torn record may swallow what is glued to it, and no more than the one.
      const whole = call(10_000 + i);
      appendFileSync(file, `\n${celLine(cel(0, 'CHAN_START'))}${whole.map(celLine).join('')}`);
      // The last may look unfinished until something follows it.
      appendFileSync(file, celLine(cel(0, 'CHAN_START')));
      account.catchUp();
      expect(
        account
          .calls()
          .get(`n1-5.${10_000 + i}`)
          ?.map(({ type }) => type),
      ).toEqual(
        whole.filter(({ type, app }) => !(type === 'APP_END' && app !== 'Queue')).map(({ type }) => type),
      );
      account.forget([...account.calls().keys()]);
    }
    expect(account.incomplete()).toBe(true);
    expect(account.calls().size).toBe(0);
    expect(heapBytes() - heap).toBeLessThan(8_000_000);
  } finally {
    account.close();
  }
}, 120_000);

test('a file that is cut, put aside, emptied, replaced or a folder, again and again: never a failure, and it is followed again', () => {
  const account = open();
  const dice = chance();
  try {
    for (let i = 0; i < 200; i += 1) {
      writeFileSync(file, call(i).map(celLine).join(''), { flag: 'a' });
      if (dice.below(2) === 0) account.catchUp();
      switch (dice.below(4)) {
        case 0:
          truncateSync(file, dice.below(300));
          break;
        case 1:
          renameSync(file, `${file}.1`);
          break;
        case 2:
          rmSync(file);
          break;
        default:
          appendFileSync(file, dice.bytes(100));
      }
      account.catchUp();
    }
    rmSync(file, { force: true });
    account.catchUp();
    writeFileSync(
      file,
      `\n${celLine(cel(0, 'CHAN_START'))}${call(777_777).map(celLine).join('')}${celLine(cel(9, 'CHAN_START'))}`,
    );
    account.catchUp();
    expect(account.calls().has('n1-5.777777')).toBe(true);
  } finally {
    account.close();
  }
});

test('4 MB of beginnings without an end are read in a moment: no piece is read twice', () => {
  for (const one of [
    '"CEL1","A","1.000000",',
    '"CEL1","A","1.000000","',
    '"CEL1","A","1.000000","""',
    '"',
    '\n',
    'x',
  ]) {
    const bytes = Buffer.from(one.repeat(Math.ceil(4e6 / one.length)));
    const begun = process.cpuUsage();
    const { consumed } = parseCel(bytes, true);
    const { user } = process.cpuUsage(begun);
    expect(consumed).toBe(bytes.length);
    // Far more than it takes, far less than reading it over and over would.
    expect(user, one).toBeLessThan(10_000_000);
  }
}, 120_000);

test('20 000 stories made of records in the wrong order, with parts of others: none is more than nonsense', () => {
  const dice = chance();
  const parts = [...call(1), ...call(2), said(3, 'HOTLINE_ARRIVED', ',,,'), said(4, 'HOTLINE_FALLBACK', '')];
  const rules = { nodeId: asId<never>('n1'), hotlineOf: () => asId<never>('95598') };
  const types = [
    'CHAN_START',
    'CHAN_END',
    'HANGUP',
    'ANSWER',
    'APP_START',
    'APP_END',
    'USER_DEFINED',
    'LINKEDID_END',
  ];
  const texts = [
    '',
    '{',
    'null',
    '[]',
    '{"hangupcause":"x"}',
    ',',
    '\u0000',
    '"',
    'x'.repeat(999),
    '-',
    '__proto__',
  ];
  for (let i = 0; i < 20_000; i += 1) {
    const records = Array.from({ length: 1 + dice.below(12) }, () => {
      const record = { ...dice.one(parts), linkedId: 'n1-5.1', type: dice.one(types) };
      const key = dice.one([
        'extra',
        'appData',
        'app',
        'channel',
        'userType',
        'uniqueId',
        'extension',
        'context',
      ] as const);
      return dice.below(2) === 0 ? record : { ...record, [key]: dice.one(texts) };
    });
    const story = callFromCel(records);
    if (story === null) continue;
    for (const { at, body } of eventsToldByCel(
      story,
      rules,
      dice.below(2) === 0 ? null : { answered: dice.below(2) === 0 },
    )) {
      expect(Number.isFinite(at)).toBe(true);
      expect(JSON.stringify(body)).not.toContain('NaN');
    }
  }
});
