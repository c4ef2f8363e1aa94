import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { plainServing } from '../../services/calls/serving-plans.ts';
import { asId } from '../../services/events/ids.ts';
import { CentreError, parseCentre } from '../../services/runtime/centre-file.ts';

const startOfDay = (day: string) => Date.parse(`${day}T00:00:00+08:00`);
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
  expect(problems).toContain(
    'centre.yaml: agents.1011.queues: there is no queue "no-such-queue"; there are power-service, telecom-service, power-complaints, telecom-complaints, english-service',
  );
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
  expect(centre.outbound).toEqual({ numbers: [], wrapUpMs: 10_000 });
  const [queue] = centre.queues.values();
  expect(queue?.callbacks).toEqual({ first: 'agent', attempts: 3, everyMs: 300_000, hours: null, most: 200 });
});

test('the wrap-up after a call that an agent made is that of all queues, unless it is said', () => {
  const wrapUpMs = (queueDefaults: object, outbound: object) => {
    const text = parse(demo) as Text & { queueDefaults: object; outbound: object };
    const changed = {
      ...text,
      queueDefaults: { ...text.queueDefaults, ...queueDefaults },
      outbound: { ...text.outbound, ...outbound },
    };
    return parseCentre(stringify(changed), 'centre.yaml').outbound.wrapUpMs;
  };
  expect(wrapUpMs({ wrapUpSeconds: 25 }, {})).toBe(25_000);
  expect(wrapUpMs({ wrapUpSeconds: 25 }, { wrapUpSeconds: 0 })).toBe(0);
  expect(wrapUpMs({}, { wrapUpSeconds: 45 })).toBe(45_000);
});

describe('how a queue is served', () => {
  const served = (own: object, defaults: object = {}) => {
    const text = parse(demo) as Text & { queues: Record<string, object> };
    text.queueDefaults = { ...text.queueDefaults, ...defaults };
    text.queues = {
      'power-service': { name: { 'zh-CN': '供电', en: 'Power' }, ...own },
      other: { name: { 'zh-CN': '其他', en: 'Other' } },
    };
    text.agents = { '1001': { name: '王芳', queues: ['power-service'], skills: ['billing'] } };
    return parseCentre(stringify(text), 'centre.yaml').queues.get(asId('power-service'))?.serving;
  };

  test('by longest idle, strictly by priority, by everybody, unless told otherwise', () => {
    expect(served({})).toEqual({
      ...plainServing(asId('power-service')),
      plan: { ...plainServing(asId('power-service')).plan, ringAllLimit: 5 },
      longestWrapUpMs: 120_000,
    });
  });

  test('as it says, its own word before that of all queues', () => {
    const serving = served(
      {
        strategy: 'best-skill',
        needs: { billing: 2 },
        prefers: 'billing',
        sticky: null,
        whenFull: 'voicemail',
        hours: 'business-desk',
        whenClosed: 'message',
        overflow: [
          { afterSeconds: 30, widen: { needs: { billing: 1 } } },
          { afterSeconds: 60, fromWaiting: 20, widen: { queues: ['other'], reserve: true } },
          { afterSeconds: 90, leave: { queue: 'other' } },
        ],
      },
      { strategy: 'round-robin', ageingSecondsPerPriority: 60, sticky: { waitSeconds: 5, withinHours: 1 } },
    );
    const low = [{ skill: 'billing', level: 1 }];
    expect(serving).toEqual({
      plan: {
        queue: 'power-service',
        strategy: 'best-skill',
        needs: [{ skill: 'billing', level: 2 }],
        preferred: 'billing',
        ageingMsPerPriority: 60_000,
        stickyWaitMs: null,
        ringAllLimit: 5,
        overflow: [
          {
            afterMs: 30_000,
            fromWaiting: null,
            does: { kind: 'widen', needs: low, alsoQueues: [], reserve: false },
          },
          {
            afterMs: 60_000,
            fromWaiting: 20,
            does: { kind: 'widen', needs: low, alsoQueues: ['other'], reserve: true },
          },
          {
            afterMs: 90_000,
            fromWaiting: null,
            does: { kind: 'leave', to: { kind: 'queue', queue: 'other' } },
          },
        ],
      },
      helpedWithinMs: 0,
      whenFull: 'voicemail',
      hours: 'business-desk',
      whenClosed: 'message',
      longestWrapUpMs: 120_000,
    });
  });

  test.each<[string, object[], RegExp]>([
    [
      'comes sooner than the one before',
      [
        { afterSeconds: 60, widen: { reserve: true } },
        { afterSeconds: 30, widen: { reserve: true } },
      ],
      /overflow\.1\.afterSeconds: is sooner than the step before/,
    ],
    ['says neither', [{ afterSeconds: 60 }], /overflow\.0: a step either widens who may serve/],
    [
      'follows one by which the caller has left',
      [
        { afterSeconds: 1, leave: 'voicemail' },
        { afterSeconds: 2, widen: { reserve: true } },
      ],
      /overflow\.0\.leave: no step can follow/,
    ],
    [
      'leads to no queue there is',
      [{ afterSeconds: 1, leave: { queue: 'nowhere' } }],
      /overflow\.0\.leave\.queue: there is no queue "nowhere"; there are /,
    ],
    [
      'leads back to where it began',
      [{ afterSeconds: 1, leave: { queue: 'power-service' } }],
      /callers would go round: power-service → power-service/,
    ],
    [
      'lets nobody else serve',
      [{ afterSeconds: 1, widen: {} }],
      /overflow\.0\.widen: lets nobody else serve: say which needs \(or none: \{\}\), queues, or reserve: true/,
    ],
    [
      'has the queue help itself',
      [{ afterSeconds: 1, widen: { queues: ['english-service', 'power-service'] } }],
      /overflow\.0\.widen\.queues: "power-service" is this queue itself/,
    ],
  ])('a step that %s is refused, where it stands', (_, overflow, problem) => {
    const problems = problemsAfter((centre) => {
      const queues = (centre as unknown as { queues: Record<string, object> }).queues;
      queues['power-service'] = { ...queues['power-service'], overflow };
    });
    expect(problems.join('\n')).toMatch(problem);
  });
});

describe('a wrap-up that is longer of itself than agents may make it is refused', () => {
  test('once, when all queues go by it', () => {
    const problems = problemsAfter((centre) => Object.assign(centre.queueDefaults, { wrapUpSeconds: 180 }));
    expect(problems).toEqual([
      'centre.yaml: queueDefaults.longestWrapUpSeconds: 120 is less than wrapUpSeconds, 180; make it as long at least, or null',
    ]);
  });

  test.each([
    [{ wrapUpSeconds: 121 }, [expect.stringMatching(/: 120 is less than wrapUpSeconds, 121;/)]],
    [{ longestWrapUpSeconds: 9.5 }, [expect.stringMatching(/: 9.5 is less than wrapUpSeconds, 10;/)]],
    [{ wrapUpSeconds: 120 }, []],
    [{ wrapUpSeconds: 180, longestWrapUpSeconds: null }, []],
  ])('of one queue by its own word: %j', (own, problems) => {
    const text = parse(demo) as Text & { queues: Record<string, object> };
    Object.assign(text.queues['power-service'] ?? {}, own);
    expect(problemsOf(stringify(text))).toEqual(problems);
  });
});

test.each([
  ['queues', 'power-service', { needs: 5 }, 'needs: write skills with levels'],
  [
    'queues',
    'power-service',
    { needs: { billling: 3 } },
    'needs: no agent has the skill "billling"; they have ',
  ],
  [
    'queues',
    'power-service',
    { overflow: [{ afterSeconds: 5, widen: { needs: ['billling'] } }] },
    'overflow.0.widen.needs: no agent has the skill "billling"',
  ],
  [
    'queues',
    'power-service',
    { overflow: [{ afterSeconds: 5, leave: 'voicemial' }] },
    'overflow.0.leave: write callback, voicemail',
  ],
  ['agents', '1001', { skills: { english: 7 } }, 'skills: write skills by name alone, such as [english], or'],
  ['agents', '1001', { skills: 'english' }, 'skills: write skills by name alone'],
])('%s.%s with %j: it is said what to write', (part, name, own, problem) => {
  const text = parse(demo) as Record<string, Record<string, object>>;
  Object.assign(text[part]?.[name] ?? {}, own);
  expect(problemsOf(stringify(text))).toEqual([
    expect.stringContaining(`centre.yaml: ${part}.${name}.${problem}`),
  ]);
});

test('a lead may have a name that JavaScript knows', () => {
  const text = parse(demo) as { users: object };
  text.users = { ...text.users, constructor: { name: '李娜', role: 'lead' } };
  expect(problemsOf(stringify(text))).toEqual([]);
});

describe('what agents can do', () => {
  const skillsOf = (own: object) => {
    const text = parse(demo) as Text;
    text.agents['1005'] = { name: '陈静', queues: ['power-service'], ...own };
    return parseCentre(stringify(text), 'centre.yaml').agents.get(asId('1005'));
  };

  test('is told by name alone, by level, or with the last day on which it counts', () => {
    expect(skillsOf({ skills: ['english'] })?.skills).toEqual([
      { skill: 'english', level: 1, expiresAt: null },
    ]);
    expect(
      skillsOf({ reserve: true, skills: { english: 3, gas: { level: 2, until: '2027-02-28' } } }),
    ).toMatchObject({
      reserve: true,
      skills: [
        { skill: 'english', level: 3, expiresAt: null },
        { skill: 'gas', level: 2, expiresAt: startOfDay('2027-03-01') },
      ],
    });
  });

  test('a day that is none is refused, where it stands', () => {
    const problems = problemsAfter(({ agents }) => {
      agents['1005'] = { name: '陈静', queues: ['power-service'], skills: { gas: { until: '2027-02-30' } } };
    });
    expect(problems).toEqual(['centre.yaml: agents.1005.skills.gas.until: there is no day 2027-02-30']);
  });
});

describe('the fingerprint of a centre', () => {
  type Editable = { queues: Record<string, object>; agents: Record<string, object> };
  const after = (edit: (centre: Editable) => void) => {
    const text = parse(demo) as Editable;
    edit(text);
    return parseCentre(stringify(text), 'centre.yaml').fingerprint;
  };
  const before = parseCentre(demo, 'centre.yaml').fingerprint;

  test('stays what it is when names, times and the order of the file change: the same agents serve the same callers', () => {
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    const same = after((centre) => {
      Object.assign(centre.agents['1001'] ?? {}, { name: '王方' });
      Object.assign(centre.queues['power-service'] ?? {}, { ringTimeoutSeconds: 5 });
      const { 'power-service': first, ...others } = centre.queues;
      centre.queues = { ...others, 'power-service': first ?? {} };
    });
    expect(same).toBe(before);
  });

  test.each<[string, string, 'queues' | 'agents', object]>([
    ['what a queue needs', 'power-service', 'queues', { needs: ['english'] }],
    [
      'an overflow step',
      'power-service',
      'queues',
      { overflow: [{ afterSeconds: 9, widen: { reserve: true } }] },
    ],
    ["an agent's queues", '1005', 'agents', { queues: ['power-service'] }],
    ["an agent's level", '1001', 'agents', { skills: { english: 4, complaints: 4 } }],
    [
      'the end of a certificate',
      '1009',
      'agents',
      { skills: { english: { level: 4, until: '2031-01-01' } } },
    ],
    ['the reserve', '1008', 'agents', { reserve: true }],
  ])('changes with %s', (_, name, part, own) => {
    expect(after((centre) => Object.assign(centre[part][name] ?? {}, own))).not.toBe(before);
  });
});
