import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readText } from '../../services/runtime/centre-file.ts';
import { readYaml } from '../../services/runtime/read-yaml.ts';
import { scenarioOfForecast } from '../../services/workforce/forecast.ts';
import { simulationReport } from '../../services/workforce/simulation-report.ts';
import { whatIf } from '../../services/workforce/what-if.ts';
import { demoCentre } from '../support/simulated-hotline.ts';

const example = () => {
  const read = readYaml(readText(join(import.meta.dirname, '../simulation/forecast.yaml')));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.content as object;
};
const scenario = (over: object = {}) => {
  const made = scenarioOfForecast({ ...example(), ...over }, demoCentre);
  if ('problems' in made) throw new Error(made.problems.join('\n'));
  return made.scenario;
};
const problemsOf = (over: object) => {
  const made = scenarioOfForecast({ ...example(), ...over }, demoCentre);
  return 'problems' in made ? made.problems : [];
};

describe('a forecast', () => {
  test('is served as the centre serves: its queues, its agents, what they can do', () => {
    const day = scenario();
    expect(day.queues.map(({ plan }) => plan.queue)).toEqual([...demoCentre.queues.keys()]);
    const [power] = day.queues;
    const defined = demoCentre.queues.get(power?.plan.queue ?? ('' as never));
    expect(power?.plan).toEqual(defined?.serving.plan);
    expect(power).toMatchObject({
      talk: { kind: 'exponential', meanMs: 170_000 },
      wrapUp: { kind: 'fixed', ms: 15_000 },
      patience: { kind: 'exponential', meanMs: 120_000 },
      ringTimeoutMs: defined?.ringTimeoutMs,
    });
    expect(day.agents).toHaveLength(10);
    for (const { profile } of day.agents) {
      const agent = demoCentre.agents.get(profile.id);
      expect(profile).toMatchObject({
        queues: agent?.queues,
        certificates: agent?.skills,
        reserve: agent?.reserve,
      });
    }
  });

  test('the last number of calls goes on, an unnamed queue gets none, and wrap-up is the centre’s unless said', () => {
    const day = scenario({ queues: { 'telecom-service': { calls: [4, 6], talkSeconds: 100 } } });
    const telecom = day.queues.find(({ plan }) => plan.queue === 'telecom-service');
    expect(telecom?.arrivals).toEqual({ kind: 'expected', perInterval: [4, ...Array(19).fill(6)] });
    expect(telecom?.wrapUp).toEqual({
      kind: 'fixed',
      ms: demoCentre.queues.get('telecom-service' as never)?.wrapUpMs,
    });
    const power = day.queues.find(({ plan }) => plan.queue === 'power-service');
    expect(power?.arrivals).toEqual({ kind: 'expected', perInterval: Array(20).fill(0) });
  });

  test('the same seed gives the same bytes; more agents make waits shorter', { timeout: 60_000 }, () => {
    const report = (seed: number) => simulationReport(scenario(), [whatIf('agents+6')], seed);
    const third = report(3);
    expect(JSON.stringify(report(3))).toBe(JSON.stringify(third));
    expect(JSON.stringify(report(4))).not.toBe(JSON.stringify(third));
    const [before, after] = third.rows
      .filter(({ queue }) => queue === 'all')
      .map(({ kpis }) => kpis.find(({ kpi }) => kpi === 'average_speed_of_answer')?.value ?? 0);
    expect(after).toBeLessThan(before ?? 0);
  });

  test.each([
    [
      { queues: { sales: { calls: [1], talkSeconds: 9 } } },
      /^queues\.sales: the centre has no such queue; it has power-service, /,
    ],
    [{ queues: {} }, /^queues: name at least one queue/],
    [{ queues: { 'power-service': { calls: [1] } } }, /^queues\.power-service\.talkSeconds: /],
    [
      { roster: [{ agents: '1001-1011', shifts: ['08:00-12:00'] }] },
      /^roster\.0\.agents: the centre has no agent 1011/,
    ],
    [
      {
        roster: [
          { agents: '1001', shifts: ['08:00-12:00'] },
          { agents: '1001', shifts: ['13:00-14:00'] },
        ],
      },
      /^roster\.1\.agents: 1001 is there already/,
    ],
    [
      { roster: [{ agents: '1001', shifts: ['12:00-08:00'] }] },
      /^roster\.0\.shifts: 12:00-08:00 ends before/,
    ],
    [{ startsAt: 'Monday' }, /^startsAt: write a moment with its zone/],
  ])('what is wrong is named: %j', (over, expected) => {
    expect(problemsOf(over)).toEqual([expect.stringMatching(expected)]);
  });
});
