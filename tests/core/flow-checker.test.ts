import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFlows } from '../../services/ivr/check/check-flows.ts';
import { didYouMean, editDistance } from '../../services/ivr/check/nearest.ts';
import { patternProblem } from '../../services/ivr/check/pattern.ts';
import { inWords, problemKinds } from '../../services/ivr/check/problem.ts';
import { entryPattern } from '../../services/ivr/entry-pattern.ts';
import { bigFlow } from '../support/big-flow.ts';
import { smallSurroundings } from '../support/flow-surroundings.ts';

const folderOf = (name: string) => join(import.meta.dirname, name);
const filesIn = (folder: string) =>
  readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
const broken = filesIn(folderOf('flows-broken'));
const good = filesIn(folderOf('flows-good'));

/** `# expect LINE KIND [warning]: WORDS` at the head of a broken flow. */
const expectations = (text: string) =>
  [...text.matchAll(/^# expect (\d+) ([a-z-]+)( warning)?: (.*)$/gm)].map(
    ([, line, kind, warning, words = '']) => ({
      line: Number(line),
      kind,
      severity: warning ? 'warning' : 'error',
      words,
    }),
  );

describe('a broken flow is refused, with the line and what to write instead', () => {
  test.each(broken)('$file', ({ file, text }) => {
    const found = checkFlows([{ file, text }], smallSurroundings);
    const expected = expectations(text);
    expect(expected.length).toBeGreaterThan(0);
    expect(
      found.map(({ line, kind, severity }) => `${line} ${kind} ${severity}`).toSorted(),
      found.map(inWords).join('\n'),
    ).toEqual(expected.map(({ line, kind, severity }) => `${line} ${kind} ${severity}`).toSorted());
    for (const { line, words } of expected)
      expect(
        found
          .filter((one) => one.line === line)
          .map(inWords)
          .join('\n'),
      ).toContain(words);
  });

  test('there is one of every kind of problem', () => {
    const kinds = new Set(broken.flatMap(({ text }) => expectations(text).map(({ kind }) => kind)));
    expect([...kinds, 'duplicate'].toSorted()).toEqual([...problemKinds].toSorted());
  });
});

describe('a good flow has no problem, and no warning', () => {
  test.each(good)('$file', ({ file, text }) => {
    expect(checkFlows([{ file, text }], smallSurroundings).map(inWords)).toEqual([]);
  });
});

test('two files of one flow: neither wins unnoticed', () => {
  const [one] = good;
  const found = checkFlows(
    [one, { file: 'copy.yaml', text: one?.text ?? '' }].filter((f) => f !== undefined),
    smallSurroundings,
  );
  expect(found.map(inWords)).toEqual([`copy.yaml:3: flow: ${one?.file} defines "everything" too`]);
});

test('spoken values need their fragments, in every language', () => {
  const around = { ...smallSurroundings, fragments: { 'zh-CN': ['n-0', 'n-1'], en: ['menu'] } };
  const found = checkFlows(good.slice(0, 1), around).map(inWords);
  expect(found).toEqual([expect.stringContaining('do not exist in zh-CN: n-0, n-1')]);
});

/** Something is cut out of a file, and something else put there. */
const accident = fc.record({
  from: fc.nat(1_500),
  cut: fc.nat(40),
  put: fc.oneof(
    fc.constantFrom('', '[', '{ }', ': ', '- ', 'null', '&a', '*a', '"', '\n', '1e999', '!!x '),
    fc.string(),
  ),
});

test('whatever is done to a flow file, it is judged and never thrown at', () => {
  fc.assert(
    fc.property(fc.constantFrom(...good, ...broken), accident, ({ file, text }, { from, cut, put }) => {
      const hurt = `${text.slice(0, from)}${put}${text.slice(from + cut)}`;
      const found = checkFlows([{ file, text: hurt }], smallSurroundings);
      for (const problem of found) expect(inWords(problem)).toMatch(/^[\w-]+\.yaml(:\d+)?: /);
    }),
    { numRuns: 300 },
  );
});

describe('what was meant', () => {
  test('a slip of the finger is recognised, another word is not', () => {
    expect(didYouMean('biling', ['billing', 'sales'])).toBe('did you mean "billing"?');
    expect(didYouMean('mneu', ['menu', 'main'])).toBe('did you mean "menu"?');
    expect(didYouMean('nonsense', ['billing', 'sales'])).toBeNull();
    expect(didYouMean('a', ['b'])).toBe('did you mean "b"?');
  });
  test('the distance is symmetric, and 0 only of the same', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

describe('patterns that callers wait for', () => {
  test.each(['\\d{10}', '\\d{10}|\\d{13}', '1[3-9]\\d{9}', '(?:0\\d{2,3})?[2-9]\\d{6,7}', '[1-9]\\d*'])(
    '%s is fine',
    (pattern) => {
      expect(patternProblem(pattern)).toBeNull();
    },
  );
  test.each([
    '(\\d+)+',
    '(1|1)*',
    '(\\d*){5}',
    '((1?)2)*',
    '\\d*\\d*\\d*\\d*1',
    '\\w+',
    '(?=1)1',
    '(1',
    '1{2,1}',
    '9,11}',
    'a'.repeat(201),
  ])('%s is refused', (pattern) => {
    expect(patternProblem(pattern)).not.toBeNull();
  });
  test('whatever is let through answers at once, for every entry a caller can key in', () => {
    const part = fc.constantFrom(
      '1',
      '\\d',
      '[1-3]',
      '(',
      ')',
      '(?:',
      '|',
      '*',
      '+',
      '?',
      '{2}',
      '{1,3}',
      '{2,}',
      '.',
    );
    const pattern = fc
      .array(part, { maxLength: 12 })
      .map((parts) => parts.join(''))
      .filter((p) => patternProblem(p) === null);
    fc.assert(
      fc.property(
        pattern,
        fc.constantFrom('1'.repeat(32), `${'1'.repeat(31)}9`, '12'.repeat(16)),
        (one, entry) => {
          // What it costs, however long the machine did something else meanwhile.
          const begun = process.threadCpuUsage();
          entryPattern(one).test(entry);
          expect(process.threadCpuUsage(begun).user).toBeLessThan(2_000_000);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('a flow of 200 nodes is proved as a small one is', () => {
  const text = bigFlow(200);
  expect(text.match(/^ {4}kind: /gm)?.length).toBeGreaterThanOrEqual(190);
  expect(checkFlows([{ file: 'big.yaml', text }], smallSurroundings).map(inWords)).toEqual([]);
});
