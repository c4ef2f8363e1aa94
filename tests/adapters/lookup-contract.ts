import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asId, type LookupId } from '../../services/events/ids.ts';
import type { Lookups } from '../../services/ivr/lookups.ts';
import { createAskSources } from '../../services/runtime/ask-sources.ts';
import type { LookupAnswer, LookupPort, LookupSink } from '../../services/runtime/lookup-port.ts';
import type { LookupSourcePort } from '../../services/runtime/lookup-source.ts';
import { parseLookups } from '../../services/runtime/lookups-file.ts';
import type { SourceMood } from '../support/fake-lookup-source.ts';
import { type UntilOptions, until } from '../support/until.ts';

/** Sources under test. They know account 3100000001 with a balance of 128.50 yuan, due on 2026-05-20, and no other. */
export type LookupRig = {
  /** A port that asks them; told what it answers, and when a source is left alone or asked again. */
  open(told: LookupsTold): LookupPort;
  setMood(mood: SourceMood): Promise<void>;
  /** Lets time pass until the probe holds. */
  until(what: string, probe: () => boolean | Promise<boolean>, options?: UntilOptions): Promise<unknown>;
  close(): Promise<void>;
};

export type LookupsTold = {
  readonly lookups: Lookups;
  readonly sink: LookupSink;
  readonly onSource: (source: string, change: 'rests' | 'is-back') => void;
};

/** A source behind the port as in production, on real time. */
export const openSource = (source: LookupSourcePort): Pick<LookupRig, 'open' | 'until'> => ({
  until,
  open: (told) =>
    createAskSources({
      ...told,
      sources: new Map([['source', source]]),
      nowMs: () => performance.now(),
      schedule: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      onProblem: () => undefined,
    }),
});

export type LookupRigMaker = {
  /** How the file declares the source and how the question is put. */
  declared: { source: Record<string, unknown>; question: { sql: string } | { path: string } };
  make(): Promise<LookupRig>;
};

/** Long enough for a busy machine; `hasty-bill` is for sources that do not answer. */
const timeoutMs = 5_000;
const hastyTimeoutMs = 1_000;
const restMs = 1_000;

/** What every source of lookups promises: the real ones on real time, the engine's fake on simulated time. */
export function lookupContract(name: string, { declared, make }: LookupRigMaker): void {
  describe(`lookups in ${name}`, () => {
    const lookups = declare(declared);
    let rig: LookupRig;
    let answers: LookupAnswer[];
    let sources: string[];
    let asking: LookupPort;
    let asked = 0;

    beforeAll(async () => {
      rig = await make();
    });
    afterAll(() => rig.close());
    beforeEach(async () => {
      await rig.setMood('answers');
      answers = [];
      sources = [];
      asking = rig.open({
        lookups,
        sink: (answer) => answers.push(answer),
        onSource: (_source, change) => sources.push(change),
      });
    });

    async function ask(account: string, lookup = 'bill'): Promise<LookupAnswer> {
      asked += 1;
      const lookupId = asId<LookupId>(`lookup-${asked}`);
      asking.ask({ lookupId, lookup, parameters: { account }, timeoutMs });
      expect(answers.some((one) => one.lookupId === lookupId)).toBe(false);
      await rig.until('the lookup to end', () => answers.some((one) => one.lookupId === lookupId));
      const own = answers.filter((one) => one.lookupId === lookupId);
      expect(own).toHaveLength(1);
      return own[0] as LookupAnswer;
    }

    test('what is known is found, all of it as texts of their kinds', async () => {
      expect(await ask('3100000001')).toMatchObject({
        result: 'found',
        values: { balance: '128.50', dueDate: '2026-05-20', standing: 'in-credit', note: '' },
      });
    });

    test('what is not known is not found', async () => {
      expect(await ask('3100000099')).toMatchObject({ result: 'not-found', values: {} });
    });

    test('whatever a caller keys or a number holds, it is data and nothing else', async () => {
      const hostile = [
        '',
        ' ',
        "' or '1'='1",
        "3100000001'; drop table bill; --",
        '$1',
        ':account',
        '..',
        '../..',
        '%2e%2e',
        '?x=1#',
        '/',
        '\\',
        '\0',
        '\ud800',
        '☎'.repeat(50),
        'x'.repeat(4_000),
      ];
      for (const account of hostile)
        expect(['not-found', 'failed'], JSON.stringify(account)).toContain((await ask(account)).result);
      expect(await ask('3100000001')).toMatchObject({ result: 'found' });
    });

    test('an unknown lookup fails', async () => {
      expect(await ask('3100000001', 'nonsense')).toMatchObject({
        result: 'failed',
        because: 'there is no lookup nonsense',
      });
    });

    test('many at once are all answered, though few are asked at a time', async () => {
      const all = await Promise.all(Array.from({ length: 40 }, () => ask('3100000001')));
      expect(all.map(({ result }) => result)).toEqual(Array.from({ length: 40 }, () => 'found'));
    });

    test('a source that answers what was not declared has failed, and is asked on', async () => {
      await rig.setMood('babbles');
      for (let i = 0; i < 5; i += 1)
        expect(await ask('3100000001')).toMatchObject({ result: 'failed', values: {} });
      expect(sources).toEqual([]);
      await rig.setMood('answers');
      expect(await ask('3100000001')).toMatchObject({ result: 'found' });
    });

    for (const [mood, result] of [
      ['hangs', 'timed-out'],
      ['refuses', 'failed'],
    ] as const)
      test(`a source that ${mood} keeps nobody waiting; after 3 in a row it is left alone, and asked again when it has rested`, async () => {
        await rig.setMood(mood);
        for (let i = 0; i < 3; i += 1)
          expect(await ask('3100000001', 'hasty-bill')).toMatchObject({ result, values: {} });
        await rig.until('the source to be left alone', () => sources.includes('rests'));
        const refused = await ask('3100000001');
        expect(refused).toMatchObject({ result: 'failed' });
        expect(refused.because).toMatch(/is not asked now/);
        await rig.setMood('answers');
        await rig.until(
          'the source to be asked again',
          async () => (await ask('3100000001')).result === 'found',
          {
            withinMs: 15_000,
            everyMs: 100,
          },
        );
        expect(sources.at(-1)).toBe('is-back');
      });
  });
}

function declare({ source, question }: LookupRigMaker['declared']): Lookups {
  const bill = {
    source: 'source',
    parameters: ['account'],
    results: { balance: 'amount', dueDate: 'date', standing: ['in-credit', 'in-arrears'], note: 'text' },
    ...question,
  };
  const text = {
    sources: { source: { ...source, maxAtOnce: 4, failuresUntilRest: 3, restSeconds: restMs / 1000 } },
    lookups: {
      bill: { ...bill, timeoutSeconds: timeoutMs / 1000 },
      'hasty-bill': { ...bill, timeoutSeconds: hastyTimeoutMs / 1000 },
    },
  };
  return parseLookups(JSON.stringify(text), 'lookups.yaml');
}
