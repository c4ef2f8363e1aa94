import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localDayIn } from '../../services/kpi/local-day.ts';
import { readText } from '../../services/runtime/centre-file.ts';
import { readYaml } from '../../services/runtime/read-yaml.ts';
import { dayBounds } from '../../services/workforce/day-bounds.ts';
import type { Scenario } from '../../services/workforce/scenario.ts';
import { scenarioFromText } from '../../services/workforce/scenario-from-text.ts';
import { reportAsText, simulationReport } from '../../services/workforce/simulation-report.ts';
import { whatIf } from '../../services/workforce/what-if.ts';

const weekdayFile = join(import.meta.dirname, '../simulation/weekday.yaml');

function scenario(content: unknown): Scenario {
  const made = scenarioFromText(content);
  if ('problems' in made) throw new Error(made.problems.join('\n'));
  return made.scenario;
}
function weekday(): Scenario {
  const read = readYaml(readText(weekdayFile));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return scenario(read.content);
}
const small = (over: object = {}) => ({
  name: 'small',
  startsAt: '2026-11-23T08:00:00+08:00',
  hours: 2,
  queues: { billing: { calls: [20] } },
  agents: [{ numbers: '1001-1003', queues: ['billing'], shifts: ['08:00-10:00'] }],
  ...over,
});
const problemsOf = (over: object) => {
  const made = scenarioFromText(small(over));
  return 'problems' in made ? made.problems : [];
};

describe('a scenario file', () => {
  test('the example is read as it is meant', () => {
    const day = weekday();
    expect(new Date(day.startsAt).toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(day.endsAt - day.startsAt).toBe(10 * 3_600_000);
    expect(day.agents).toHaveLength(22);
    const [faults] = day.queues;
    expect(faults?.plan).toMatchObject({ strategy: 'best-skill', needs: [{ skill: 'faults', level: 2 }] });
    expect(faults?.plan.overflow[2]?.does).toEqual({ kind: 'leave', to: { kind: 'callback' } });
    const lateAgent = day.agents.find(({ profile }) => profile.id === '2008');
    expect(new Date(lateAgent?.shifts[0]?.from ?? 0).toISOString()).toBe('2026-11-23T01:00:00.000Z');
    expect(lateAgent?.profile.certificates[0]?.expiresAt).toBe(Date.parse('2026-11-23T17:00:00+08:00'));
  });

  test('calls at given times, and a short list of expected ones, which goes on', () => {
    const day = scenario(
      small({ queues: { billing: { callsAt: ['08:00:10', '08:00'] }, faults: { calls: [5, 7] } } }),
    );
    expect(day.queues[0]?.arrivals).toEqual({ kind: 'given', at: [day.startsAt, day.startsAt + 10_000] });
    expect(day.queues[1]?.arrivals).toEqual({ kind: 'expected', perInterval: [5, 7, 7, 7] });
  });

  test.each([
    [{ startsAt: 'Monday' }, /^startsAt: write a moment with its zone/],
    [{ queues: { billing: {} } }, /^queues\.billing: say either calls .* or callsAt/],
    [{ queues: { billing: { calls: [-1] } } }, /^queues\.billing\.calls\.0: /],
    [
      { queues: { billing: { calls: [1], talk: { normal: 3 } } } },
      /^queues\.billing\.talk: write one of \{ fixed: 10 \}/,
    ],
    [{ queues: { billing: { calls: [1], patience: 'never' } } }, /^queues\.billing\.patience: .*or endless/],
    [
      { queues: { billing: { calls: [1], overflow: [{ afterSeconds: 9, leaveTo: 'home' }] } } },
      /^queues\.billing\.overflow\.0\.leaveTo: write callback/,
    ],
    [
      { agents: [{ numbers: '1001', queues: ['sales'], shifts: ['08:00-10:00'] }] },
      /^agents\.0\.queues: there is no queue "sales"/,
    ],
    [
      { agents: [{ numbers: '1003-1001', queues: ['billing'], shifts: ['08:00-10:00'] }] },
      /^agents\.0\.numbers: 1003-1001 are no/,
    ],
    [
      { agents: [{ numbers: '1001', queues: ['billing'], shifts: ['10:00-08:00'] }] },
      /^agents\.0\.shifts: 10:00-08:00 ends before/,
    ],
    [
      {
        queues: {
          billing: { calls: [1], overflow: [{ afterSeconds: 9, leaveTo: 'callback', reserve: true }] },
        },
      },
      /^queues\.billing\.overflow\.0: a step either widens/,
    ],
    [
      { queues: { billing: { calls: [1], overflow: [{ afterSeconds: 9 }, { afterSeconds: 8 }] } } },
      /^queues\.billing\.overflow\.1: begins before/,
    ],
    [{ wages: 3 }, /wages/],
  ])('what is wrong is named: %j', (over, expected) => {
    expect(problemsOf(over)).toEqual([expect.stringMatching(expected)]);
  });

  test('an agent who is there twice is named', () => {
    const group = { numbers: '1001-1002', queues: ['billing'], shifts: ['08:00-10:00'] };
    expect(problemsOf({ agents: [group, { ...group, numbers: '1002' }] })).toEqual([
      'agents.1.numbers: 1002 is there already',
    ]);
  });
});

test.each([
  ['no patience', { patience: { fixed: 0 } }, []],
  ['no patience, by a question', {}, ['patience*0']],
  ['calls that take no time', { talk: { fixed: 0 }, wrapUp: { fixed: 0 }, ring: { fixed: 0 } }, []],
])('%s: the day is simulated, though the formulas say nothing of it', (_, own, questions) => {
  const day = scenario(small({ queues: { billing: { calls: [20], ...own } } }));
  const report = simulationReport(day, questions.map(whatIf), 1);
  expect(reportAsText(report, false)).toContain('billing');
});

describe('what if', () => {
  const asked = (question: string, day = weekday()) => whatIf(question).apply(day);

  test('agents come and go, those of one queue alone if it is named', () => {
    expect(asked('agents+5').agents).toHaveLength(27);
    expect(asked('agents-2').agents.map(({ profile }) => profile.id)).not.toContain('3003');
    const more = asked('agents:billing+3').agents.slice(22);
    expect(more.map(({ profile }) => [profile.id, profile.queues])).toEqual([
      ['more-1', ['billing']],
      ['more-2', ['billing']],
      ['more-3', ['billing']],
    ]);
  });

  test('an agent learns a skill and joins the queues that ask for it', () => {
    for (const question of ['skill:faults=4→1003', 'skill:faults=4->1003']) {
      const learnt = asked(question).agents.find(({ profile }) => profile.id === '1003')?.profile;
      expect(learnt).toMatchObject({
        queues: ['billing', 'faults'],
        certificates: [{ skill: 'faults', level: 4, expiresAt: null }],
      });
    }
  });

  test('there are more calls, or they take less time', () => {
    expect(
      asked('calls:billing*2').queues.map(
        ({ arrivals }) => arrivals.kind === 'expected' && arrivals.perInterval[0],
      ),
    ).toEqual([30, 80]);
    expect(asked('talk:billing*0.5').queues[1]?.talk).toEqual({ kind: 'exponential', meanMs: 90_000 });
    expect(asked('wrap-up*3').queues[0]?.wrapUp).toEqual({ kind: 'fixed', ms: 60_000 });
  });

  test('what cannot be asked is refused with what can', () => {
    expect(() => whatIf('more agents')).toThrow(/"more agents" is no question.*\nagents:?|agents\+5/);
    expect(() => asked('skill:faults→9999')).toThrow('there is no agent 9999');
    expect(() => asked('skill:french→1003')).toThrow('no queue asks for the skill "french"');
    expect(() => asked('agents:sales+1')).toThrow('there is no queue "sales"');
    expect(() => asked('agents-99')).toThrow('there are 22 agents; -99 cannot be');
  });
});

describe('the bounds of a day', () => {
  const bounds = (day: string, zone: string) => {
    const found = dayBounds(day, localDayIn(zone));
    return found && [new Date(found.from).toISOString(), new Date(found.to).toISOString()];
  };

  test('are those of the zone, also where a day has 25 hours', () => {
    expect(bounds('2026-11-21', 'Asia/Shanghai')).toEqual([
      '2026-11-20T16:00:00.000Z',
      '2026-11-21T16:00:00.000Z',
    ]);
    expect(bounds('2026-10-25', 'Europe/Berlin')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
    expect(bounds('2026-11-21', 'Pacific/Kiritimati')?.[0]).toBe('2026-11-20T10:00:00.000Z');
    expect(bounds('2026-11-21', 'America/Los_Angeles')?.[0]).toBe('2026-11-21T08:00:00.000Z');
    expect(bounds('yesterday', 'Asia/Shanghai')).toBeNull();
  });
});

describe('the report', () => {
  test('the same seed gives the same bytes, another seed another day', () => {
    const day = scenario(small());
    const bytes = (seed: number) => JSON.stringify(simulationReport(day, [whatIf('agents+1')], seed));
    expect(bytes(7)).toBe(bytes(7));
    expect(bytes(7)).not.toBe(bytes(8));
  });

  test('shows each scenario and queue beside the formulas, and how well a wait would have been told', () => {
    const report = simulationReport(weekday(), [whatIf('agents:billing+2')], 1);
    expect(report.rows.map(({ scenario: s, queue }) => `${s} ${queue}`)).toEqual([
      'as it is faults',
      'as it is billing',
      'as it is all',
      'agents:billing+2 faults',
      'agents:billing+2 billing',
      'agents:billing+2 all',
    ]);
    const waits = report.rows
      .filter(({ queue }) => queue === 'billing')
      .map(({ kpis }) => kpis.find(({ kpi }) => kpi === 'average_speed_of_answer')?.value ?? 0);
    expect(waits[1]).toBeLessThan(waits[0] ?? 0);
    const text = reportAsText(report, true);
    expect(text).toMatch(/as it is +billing +\d+ +\d+\.\d % /);
    expect(text).toContain('2026-11-23T00:30:00.000Z  as it is');
    expect(text).toMatch(/Expected wait, told to \d+ callers/);
  });

  test('who stays for a last caller is there for so long: nobody is occupied more than all the time', () => {
    const crowded = small({
      queues: { billing: { calls: [60] } },
      agents: [{ numbers: '1001-1002', queues: ['billing'], shifts: ['08:00-08:05'] }],
    });
    const occupancy = simulationReport(scenario(crowded), [], 1).rows.at(-1)?.occupancy ?? 0;
    expect(occupancy).toBeGreaterThan(0.8);
    expect(occupancy).toBeLessThanOrEqual(1);
  });

  test('nothing is said by formula of a queue whose agents serve others too', () => {
    const shared = small({
      queues: { billing: { calls: [20] }, faults: { calls: [20] } },
      agents: [{ numbers: '1001-1009', queues: ['billing', 'faults'], shifts: ['08:00-10:00'] }],
    });
    const report = simulationReport(scenario(shared), [], 1);
    expect(report.rows.map(({ theory }) => theory)).toEqual([null, null, null]);
    expect(report.rows.at(-1)?.occupancy).toBeGreaterThan(0.1);
  });
});
