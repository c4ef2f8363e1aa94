import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rotateCel } from '../../infra/supervisor/cel-rotation.ts';
import { createCelAccount } from '../../services/adapters/cel/account.ts';
import { type CelPosition, readCelNews } from '../../services/adapters/cel/follow.ts';
import { parseCel } from '../../services/adapters/cel/parse.ts';
import type { CelRecord } from '../../services/cdr/cel-record.ts';
import { callFromCel } from '../../services/cdr/from-cel.ts';
import { instant } from '../../services/events/instant.ts';
import { arrivedAlone, cel, celLine, hangUp } from '../support/cel-lines.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-cel-'));
  file = join(folder, 'cel.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (records: readonly CelRecord[]): Buffer => Buffer.from(records.map(celLine).join(''));
const call = [...arrivedAlone(), ...hangUp(5, 'party')];

test('whatever stands in a field, and wherever the piece is cut: every record is read, once', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc.constantFrom('"CEL1","HANGUP","1.000000",', '\n"CEL1","', '""', '"', 'a\r\n,b', '王芳', '\\'),
  );
  const record = fc.record({ callerNumber: hostile, appData: hostile, extra: hostile, extension: hostile });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), fc.nat(), (parts, cut) => {
      const records = parts.map((part, i) => cel(i, 'CHAN_START', part));
      const bytes = lines(records);
      const at = bytes.length === 0 ? 0 : cut % bytes.length;
      const first = parseCel(bytes.subarray(0, at));
      const second = parseCel(bytes.subarray(first.consumed));
      expect(first.damaged + second.damaged).toBe(0);
      expect([...first.records, ...second.records]).toEqual(records);
    }),
  );
});

test('a torn record, garbage and a record glued to it: one is lost and counted, the others are read', () => {
  const [one, two, three] = call as [CelRecord, CelRecord, CelRecord];
  for (const torn of [0.1, 0.5, 0.97].map((part) =>
    celLine(one).slice(0, Math.floor(celLine(one).length * part)),
  )) {
    const bytes = Buffer.concat([lines([two]), Buffer.from(torn), lines([three, one])]);
    const { records, damaged } = parseCel(bytes);
    expect(records).toEqual([two, three, one]);
    expect(damaged).toBe(1);
  }
  const garbage = Buffer.concat([Buffer.alloc(100, 0xff), lines([one])]);
  expect(parseCel(garbage)).toMatchObject({ records: [one], damaged: 1, consumed: garbage.length });
});

test('random bytes: never an exception, never a standstill', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      const bytes = Buffer.concat([Buffer.from('"CEL1","X","1.000000",'), noise]);
      expect(parseCel(bytes, true).consumed).toBe(bytes.length);
    }),
    { numRuns: 2_000 },
  );
});

test('follows the file as it grows, from where it was', () => {
  expect(readCelNews(file, null)).toMatchObject({ records: [], position: null });
  writeFileSync(file, lines(call.slice(0, 3)));
  const first = readCelNews(file, null);
  expect(first.records).toEqual(call.slice(0, 3));
  const half = lines(call.slice(3));
  appendFileSync(file, half.subarray(0, 50));
  const second = readCelNews(file, first.position);
  appendFileSync(file, half.subarray(50));
  const third = readCelNews(file, second.position);
  expect([...second.records, ...third.records]).toEqual(call.slice(3));
  expect(third).toMatchObject({ gap: false, damaged: 0, more: false });
});

test('a file put aside is read to its end before the new one', () => {
  writeFileSync(file, lines(call.slice(0, 2)));
  const { position } = readCelNews(file, null);
  appendFileSync(file, lines(call.slice(2, 4)));
  renameSync(file, `${file}.1`);
  writeFileSync(file, lines(call.slice(4)));
  const rest = readCelNews(file, position, { settledAfterMs: 0 });
  expect(rest).toMatchObject({ records: call.slice(2, 4), more: true, gap: false });
  expect(readCelNews(file, rest.position).records).toEqual(call.slice(4));
});

test('many files put aside are read in their order, each to its end, and are done with only then', () => {
  const parts = [call.slice(0, 2), call.slice(2, 3), call.slice(3, 5), call.slice(5)];
  for (const [i, part] of parts.entries()) {
    writeFileSync(file, lines(part));
    // The numbers are numbers: the tenth is behind the ninth.
    if (i < parts.length - 1) renameSync(file, `${file}.${i + 8}`);
  }
  const records: CelRecord[] = [];
  const done: string[] = [];
  let position: CelPosition | null = null;
  for (let more = true; more; ) {
    const news = readCelNews(file, position, { settledAfterMs: 0, mostBytes: 400 });
    expect(news).toMatchObject({ damaged: 0, gap: false });
    records.push(...news.records);
    done.push(...news.done);
    position = news.position;
    more = news.more;
  }
  expect(records).toEqual(call);
  expect([...new Set(done)]).toEqual([8, 9, 10].map((n) => `${file}.${n}`));
});

test('a file that was put aside just now is kept in sight: Asterisk may have had it open', () => {
  writeFileSync(file, lines(call.slice(0, 2)));
  const { position } = readCelNews(file, null);
  renameSync(file, `${file}.1`);
  writeFileSync(file, lines(call.slice(3)));
  // Far longer than a busy machine stands still here.
  const settling = { settledAfterMs: 60_000 };
  const first = readCelNews(file, position, settling);
  expect(first).toMatchObject({ records: [], done: [], more: false });
  appendFileSync(`${file}.1`, lines(call.slice(2, 3)));
  const second = readCelNews(file, first.position, settling);
  expect(second.records).toEqual(call.slice(2, 3));
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(`${file}.1`, longAgo, longAgo);
  const third = readCelNews(file, second.position, settling);
  expect(third).toMatchObject({ records: [], done: [`${file}.1`], more: true });
  expect(readCelNews(file, third.position).records).toEqual(call.slice(3));
});

test('what is written while nobody reads, in many files: all of it is read afterwards, and nothing is left on the disk', () => {
  const calls = 3_000;
  const limits = { fileBytes: 200_000, allBytes: 100_000_000, freeBytes: 0 };
  for (let n = 0; n < calls; n += 1) {
    const ids = { linkedId: `n1-7.${n}`, uniqueId: `n1-7.${n}` };
    appendFileSync(file, lines(call.map((record) => ({ ...record, ...ids }))));
    if (n % 50 === 0) expect(rotateCel(file, limits).removed).toEqual([]);
  }
  expect(readdirSync(folder).length).toBeGreaterThan(10);
  const log = { warn: () => undefined, error: () => undefined };
  const storeFile = join(folder, 'cel.db');
  const open = () => createCelAccount({ file, storeFile, log, settledAfterMs: 0 });
  for (let starts = 0; starts < 2; starts += 1) {
    const account = open();
    account.catchUp();
    expect(account.behind()).toBe(false);
    expect(account.calls().size).toBe(calls);
    expect([...account.calls().values()].every((records) => records.length === call.length)).toBe(true);
    account.close();
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('cel.csv.'))).toEqual([]);
});

test('nobody reads for ever: the oldest goes and is named, the newest stays, and who reads then is told of the gap', () => {
  const limits = { fileBytes: 100, allBytes: 5_000, freeBytes: 0 };
  const removed: string[] = [];
  writeFileSync(file, lines(call));
  const { position } = readCelNews(file, null);
  for (let n = 0; n < 20; n += 1) {
    appendFileSync(file, lines(call));
    removed.push(...rotateCel(file, limits).removed);
  }
  expect(removed[0]).toBe(`${file}.1`);
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(5_000 + 3_000);
  expect(readCelNews(file, position, { settledAfterMs: 0 })).toMatchObject({ gap: true });
  // With a disk that has no room for others only the newest is kept.
  expect(rotateCel(file, { ...limits, freeBytes: Number.MAX_SAFE_INTEGER }).removed.length).toBeGreaterThan(
    0,
  );
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a file that was cut or replaced is read from its beginning, and the gap is told', () => {
  writeFileSync(file, lines(call));
  const { position } = readCelNews(file, null);
  writeFileSync(file, lines(call.slice(0, 1)));
  expect(readCelNews(file, position)).toMatchObject({ records: call.slice(0, 1), gap: true });
  rmSync(file);
  writeFileSync(join(folder, 'other'), '');
  writeFileSync(file, lines(call.slice(0, 2)));
  expect(readCelNews(file, { inode: 1, bornMs: 0, offset: 7 })).toMatchObject({
    records: call.slice(0, 2),
    gap: true,
  });
});

test('a restart continues where the last run ended, with what it had not explained', () => {
  const log = { warn: () => undefined, error: () => undefined };
  const open = () => createCelAccount({ file, storeFile: join(folder, 'cel.db'), log });
  writeFileSync(file, lines(call.slice(0, 3)));
  const first = open();
  first.catchUp();
  first.close();
  appendFileSync(file, lines(call.slice(3)));
  const second = open();
  second.catchUp();
  const callId = call[0]?.linkedId ?? '';
  expect(second.calls().get(callId)).toEqual(call);
  second.forget([callId]);
  second.close();
  const third = open();
  third.catchUp();
  expect(third.calls().size).toBe(0);
  expect(readFileSync(file)).toEqual(lines(call));
  third.close();
});

test('Asterisk died: channels that it left open end when the next one began, and only they', () => {
  const log = { warn: () => undefined, error: () => undefined };
  const storeFile = join(folder, 'cel.db');
  const later = { linkedId: 'n1-1790000000.5', uniqueId: 'n1-1790000000.5' };
  writeFileSync(file, lines([...arrivedAlone(), cel(9, 'CHAN_START', later)]));
  const account = createCelAccount({ file, storeFile, log });
  account.endLost(cel(8, '').at, null);
  const kept = [...account.calls().values()].map((records) => callFromCel(records)?.caller.ended ?? null);
  expect(kept).toEqual([{ at: cel(8, '').at, by: 'us', reason: 'failed' }, null]);
  account.endLost(cel(8, '').at, null);
  account.close();
  const again = createCelAccount({ file, storeFile, log });
  expect([...again.calls().values()].map((records) => records.length)).toEqual([6, 1]);
  again.close();
});

test('Asterisk died: its channels end when it was last heard of, but not before their own last word', () => {
  const log = { warn: () => undefined, error: () => undefined };
  const records = arrivedAlone();
  writeFileSync(file, lines(records));
  const lastWord = Math.max(...records.map(({ at }) => at));
  const endAfter = (lastContact: number) => {
    const account = createCelAccount({ file, storeFile: join(folder, `${lastContact}.db`), log });
    account.endLost(instant(lastWord + 60_000), instant(lastContact));
    const [told] = [...account.calls().values()];
    account.close();
    return callFromCel(told ?? [])?.caller.ended?.at;
  };
  expect(endAfter(lastWord + 2_000)).toBe(lastWord + 2_000);
  expect(endAfter(lastWord - 2_000)).toBe(lastWord);
});

test('a damaged store is put aside, and the account read anew', () => {
  const said: string[] = [];
  const log = { warn: () => undefined, error: (_: unknown, text?: string) => void said.push(String(text)) };
  const storeFile = join(folder, 'cel.db');
  writeFileSync(storeFile, 'this is no database, whatever it was');
  writeFileSync(file, lines(call));
  const account = createCelAccount({ file, storeFile, log });
  account.catchUp();
  expect([...account.calls().values()]).toEqual([call]);
  expect(said[0]).toContain('put aside');
  account.close();
});
