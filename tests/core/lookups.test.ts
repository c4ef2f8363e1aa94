import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { demoService } from '../../db/seeds/demo-service.ts';
import { checkValues } from '../../services/ivr/lookup-values.ts';
import type { Lookup, LookupResultType } from '../../services/ivr/lookups.ts';
import { CentreError } from '../../services/runtime/centre-file.ts';
import { parseLookups } from '../../services/runtime/lookups-file.ts';
import { namedParameters } from '../../services/runtime/named-parameters.ts';
import { damaged } from '../support/mutate.ts';
import { chance } from '../support/seeded.ts';

const demo = readFileSync(join(import.meta.dirname, '../../dialplans/lookups.yaml'), 'utf8');

function problemsOf(text: string | object): readonly string[] {
  try {
    parseLookups(typeof text === 'string' ? text : JSON.stringify(text), 'lookups.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof CentreError)) throw error;
    return error.problems;
  }
}

const crm = { kind: 'http', address: 'https://crm.example/api' };
const bill = { source: 'crm', parameters: ['account'], path: '/bills/{account}' };
const balance = { source: 'db', parameters: ['account'], sql: 'select 1 where :account = $$x$$' };

describe('lookups.yaml', () => {
  test('the demo is whole', () => {
    expect(problemsOf(demo)).toEqual([]);
  });

  test('what is left out has a default', () => {
    const { sources, lookups } = parseLookups(
      JSON.stringify({ sources: { crm }, lookups: { bill } }),
      'lookups.yaml',
    );
    expect(sources.get('crm')).toEqual({
      id: 'crm',
      kind: 'http',
      address: 'https://crm.example/api',
      secret: null,
      maxAtOnce: 8,
      failuresUntilRest: 5,
      restMs: 10_000,
    });
    expect(lookups.get('bill')).toMatchObject({ timeoutMs: 2_000, parameters: ['account'] });
  });

  test.each([
    [
      'a source nobody defined',
      { lookups: { bill: { ...bill, source: 'crn' } } },
      'lookups.bill.source: there is no source "crn"',
    ],
    [
      'SQL for a service',
      { lookups: { bill: { ...balance, source: 'crm' } } },
      'lookups.bill.sql: "crm" is a source of kind http: it takes path',
    ],
    [
      'a path for a database',
      { lookups: { bill: { ...bill, source: 'db' } } },
      'lookups.bill.path: "db" is a source of kind sql: it takes sql',
    ],
    [
      'a parameter that the path has and the list has not',
      { lookups: { bill: { ...bill, path: '/{account}/{month}' } } },
      'lookups.bill.path: "month" is not among its parameters',
    ],
    [
      'a parameter that is not used',
      { lookups: { bill: { ...bill, path: '/bills' } } },
      'lookups.bill.parameters: "account" is not used',
    ],
    [
      'a parameter twice',
      { lookups: { bill: { ...bill, parameters: ['account', 'account'] } } },
      'lookups.bill.parameters: one is named twice',
    ],
    [
      'a path up',
      { lookups: { bill: { ...bill, path: '/../{account}' } } },
      'lookups.bill.path: has no . or .. as a step, no #, \\ and blanks',
    ],
    [
      'another host',
      { lookups: { bill: { ...bill, path: 'http://evil.example/{account}' } } },
      'lookups.bill.path: begins with /',
    ],
    [
      'SQL that writes',
      { lookups: { bill: { ...balance, sql: 'delete from bill where a = :account' } } },
      'lookups.bill.sql: begins with SELECT or WITH: a lookup only reads',
    ],
    [
      'two statements',
      { lookups: { bill: { ...balance, sql: 'select :account; drop table bill' } } },
      'lookups.bill.sql: is one statement only',
    ],
    [
      'more than 5 s',
      { lookups: { bill: { ...bill, timeoutSeconds: 6 } } },
      'lookups.bill.timeoutSeconds: Too big: expected number to be <=5',
    ],
    [
      'a kind of result there is not',
      { lookups: { bill: { ...bill, results: { sum: 'money' } } } },
      'lookups.bill.results.sum: is one of text, digits, amount, count, date and time, or a list of codes',
    ],
    [
      'a misspelt field',
      { lookups: { bill: { ...bill, timeout: 2 } } },
      'lookups.bill: Unrecognized key: "timeout"',
    ],
    [
      'a password in an address',
      { sources: { crm: { ...crm, address: 'https://me:pass@crm.example' } } },
      'sources.crm.address: has a password in it; put a token into secrets.json and name it with `secret`',
    ],
    [
      'no address at all',
      { sources: { crm: { ...crm, address: 'file:///etc/passwd' } } },
      'sources.crm.address: "file:///etc/passwd" is no address; write one such as https://crm.example/api',
    ],
  ])('%s is refused', (_what, wrong, problem) => {
    const text = { sources: {}, lookups: { bill }, ...wrong };
    expect(problemsOf({ ...text, sources: { db: { kind: 'sql' }, crm, ...text.sources } })).toContain(
      `lookups.yaml: ${problem}`,
    );
  });

  test('all problems are told, not the first', () => {
    const problems = problemsOf({
      sources: { crm: { kind: 'ftp' }, db: { kind: 'sql', maxAtOnce: 0 } },
      lookups: { bill: { ...bill, source: 'x' }, balance: { ...balance, sql: 'drop table x' } },
    });
    expect(problems.length).toBeGreaterThanOrEqual(4);
  });

  test('40 accidents to the file: refused with its name and place, or whole', () => {
    const dice = chance();
    for (let i = 0; i < 40; i += 1)
      for (const problem of problemsOf(damaged(demo, dice))) expect(problem).toMatch(/^lookups\.yaml: ./);
  });
});

test('named parameters become numbered ones, but for what stands in quotes, comments and casts', () => {
  expect(
    namedParameters(
      `select ':no', "a:no", $q$ :no $q$, x::text, :yes -- :no\n /* :no */ from t where a = :yes and b = :other;`,
    ),
  ).toEqual({
    text: `select ':no', "a:no", $q$ :no $q$, x::text, $1::text -- :no\n /* :no */ from t where a = $1::text and b = $2::text`,
    names: ['yes', 'other'],
    statements: 1,
  });
});

describe('what a source answers', () => {
  const lookupOf = (type: LookupResultType) => ({ results: new Map([['it', type]]) }) as unknown as Lookup;
  const checked = (type: LookupResultType, value: unknown): string | null => {
    const result = checkValues(lookupOf(type), { it: value, other: 'not declared' });
    if ('problem' in result) return null;
    expect(Object.keys(result.values)).toEqual(['it']);
    return result.values.it ?? null;
  };

  test.each([
    ['amount', '128.50', '128.50'],
    ['amount', 7.5, '7.50'],
    ['amount', '-0.05', '-0.05'],
    ['amount', '-0.00', '0.00'],
    ['amount', 1e21, null],
    ['amount', '1,000', null],
    ['amount', 0.1 + 0.2, null],
    ['count', '042', '42'],
    ['count', -1, null],
    ['count', 1.5, null],
    ['digits', '0123456789', '0123456789'],
    ['digits', '12a', null],
    ['date', '2026-02-28', '2026-02-28'],
    ['date', '2026-02-29', null],
    ['date', '2026-05-20T23:30:00+08:00', '2026-05-20'],
    ['date', '20.5.2026', null],
    ['time', '09:30', '09:30'],
    ['time', '09:30:15', '09:30'],
    ['time', '2026-05-20T23:30:00Z', '23:30'],
    ['time', '24:00', null],
    ['text', '王芳', '王芳'],
    ['text', 'a\nb', null],
    ['text', 'x'.repeat(201), null],
    ['text', ['a'], null],
    ['text', { a: 1 }, null],
    ['text', null, ''],
    ['amount', '', ''],
    ['text', true, 'true'],
  ] as const)('%s %j is %j', (kind, value, expected) => {
    expect(checked({ kind }, value)).toBe(expected);
  });

  test('a code that was not expected is passed on, for the flow to say something else', () => {
    expect(checked({ kind: 'code', codes: ['a', 'b'] }, 'c')).toBe('c');
    expect(checked({ kind: 'code', codes: ['a', 'b'] }, 'not a code')).toBeNull();
  });

  test('what is missing is empty; what everyone inherits is missing, too', () => {
    const lookup = { results: new Map([['constructor', { kind: 'text' }]]) } as unknown as Lookup;
    expect(checkValues(lookup, {})).toEqual({ values: { constructor: '' } });
  });
});

describe('demo data', () => {
  test('the same day gives the same rows; an outage is under way all that day', () => {
    expect(demoService('2026-11-22')).toEqual(demoService('2026-11-22'));
    const now = demoService('2026-02-28').outage.filter(
      ({ begins_at, restored_by, ended_at }) =>
        begins_at <= '2026-02-28 00:00' && restored_by > '2026-02-28 23:59' && ended_at === null,
    );
    expect(now.map(({ kind }) => kind).sort()).toEqual(['fault', 'planned']);
    expect(now[0]?.restored_by).toBe('2026-03-01 09:30');
  });

  test('no key is there twice, on any day of the year', () => {
    for (let day = 0; day < 366; day += 17) {
      const rows = demoService(new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));
      const unique = (keys: string[]) => expect(new Set(keys).size).toBe(keys.length);
      unique(rows.customer.map((one) => one.customer_id));
      unique(rows.power_account.map((one) => one.account));
      unique(rows.telecom_line.map((one) => one.line));
      unique(rows.service_order.map((one) => one.order_number));
    }
  });
});
