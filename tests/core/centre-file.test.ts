import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { CentreError, parseCentre } from '../../services/runtime/centre-file.ts';

const demo = readFileSync(join(import.meta.dirname, '../../dialplans/centre.yaml'), 'utf8');

type Text = { queueDefaults: object; agents: Record<string, unknown>; users: Record<string, unknown> };

/** What is said of the demo centre after an edit. */
function problemsAfter(edit: (centre: Text) => void): readonly string[] {
  const centre = parse(demo) as Text;
  edit(centre);
  return problemsOf(stringify(centre));
}

function problemsOf(text: string): readonly string[] {
  try {
    parseCentre(text, 'centre.yaml');
  } catch (error) {
    if (error instanceof CentreError) return error.problems;
    throw error;
  }
  return [];
}

test('the demo centre is right', () => {
  expect(problemsOf(demo)).toEqual([]);
});

test('everything that is wrong is told at once: where it stands, and why', () => {
  const problems = problemsAfter((centre) => {
    centre.queueDefaults = { ...centre.queueDefaults, wrapUpSeconds: 'ten' };
    centre.agents['12'] = { name: '短', queues: ['power-service'] };
    centre.agents['1011'] = { name: '', queues: ['no-such-queue'] };
  });
  expect(problems).toHaveLength(4);
  expect(problems).toContain("centre.yaml: agents.12: an agent's number has 3 to 8 digits");
  expect(problems).toContain('centre.yaml: agents.1011.queues: there is no queue "no-such-queue"');
  expect(problems.join('\n')).toMatch(/^centre\.yaml: queueDefaults\.wrapUpSeconds: .*number/m);
  expect(problems.join('\n')).toMatch(/^centre\.yaml: agents\.1011\.name: /m);
});

test('a text that is no YAML, or no centre at all, is told as that', () => {
  expect(problemsOf('agents: [')).toEqual([expect.stringMatching(/^centre\.yaml: .*line 1/)]);
  expect(problemsOf('')).toEqual([expect.stringMatching(/^centre\.yaml: the whole file: /)]);
});

test.each([
  ['anything', '^.*$'],
  ['any digits', '^\\d+$'],
  ['what stands before or after a number', '1[0-9]{10}'],
  ['one of several', '^1[0-9]{10}|0$'],
  ['what is no expression', '^1[$'],
])('a pattern that lets through %s is refused: nobody is to call the whole world from here', (_, pattern) => {
  const problems = problemsAfter((centre) => Object.assign(centre, { outbound: { numbers: [pattern] } }));
  expect(problems).toEqual([expect.stringMatching(/^centre\.yaml: outbound\.numbers\.0: /)]);
});

test('without patterns no number may be called; callbacks go by the defaults', () => {
  const centre = parseCentre(stringify({ ...(parse(demo) as Text), outbound: undefined }), 'centre.yaml');
  expect(centre.outbound.numbers).toEqual([]);
  const [queue] = centre.queues.values();
  expect(queue?.callbacks).toEqual({ first: 'agent', attempts: 3, everyMs: 300_000, hours: null, most: 200 });
});
