import { asId, type QueueId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { addCounts, noCounts } from '../../services/kpi/counts.ts';
import { strategies } from '../../services/routing/serving-plan.ts';
import type { SkillLevel } from '../../services/routing/skills.ts';
import type { Scenario, SimulatedAgent, SimulatedQueue } from '../../services/workforce/scenario.ts';
import { simulate } from '../../services/workforce/simulate.ts';
import type { Benchmark } from './figure.ts';
import { rounded } from './statistics.ts';

const queues = 20;
const agents = 2_000;
const skillsOfAnAgent = 4;
const hourMs = 3_600_000;
const quarterMs = hourMs / 4;
/** How a day's calls are spread over its hours: little at night, most before noon. */
const hours = [2, 1, 1, 1, 1, 2, 5, 10, 16, 19, 19, 18, 15, 16, 18, 18, 17, 15, 12, 10, 9, 7, 5, 3];
/** When the eight teams begin their two times four hours. */
const teams = [0, 6, 7, 8, 8, 9, 12, 14];

/** A day of half a million calls and two thousand agents in twenty queues with skills, patience, ringing and overflow. */
export const simulator: Benchmark = async ({ quick }) => {
  const calls = quick ? 50_000 : 500_000;
  const scenario = day(calls, quick ? agents / 10 : agents);
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const result = simulate(scenario, 20_261_122);
  const seconds = (performance.now() - begun) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const counts = result.queues
    .flatMap(({ intervals }) => intervals.map((i) => i.counts))
    .reduce(addCounts, noCounts());
  const detail = {
    visits: result.visits,
    answered: counts.answered,
    abandoned: counts.abandoned,
    cpuSeconds: rounded((cpu.user + cpu.system) / 1e6, 2),
    visitsPerSecond: Math.round(result.visits / seconds),
  };
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1_000);
  return [
    {
      what: `a day of ${calls} calls and ${scenario.agents.length} agents simulated`,
      unit: 's',
      value: rounded(seconds, 2),
      ...(!quick && { budget: { atMost: 10 } }),
      detail,
    },
    {
      what: 'its memory, this process at its largest',
      unit: 'MB',
      value: megabytes,
      budget: { atMost: 1_000 },
      detail: {},
    },
  ];
};

function day(calls: number, count: number): Scenario {
  return {
    name: 'a day',
    startsAt: instant(0),
    endsAt: instant(24 * hourMs),
    intervalMs: quarterMs,
    queues: Array.from({ length: queues }, (_, n) => queueOf(n, calls / queues)),
    agents: Array.from({ length: count }, (_, n) => agentOf(n)),
  };
}

function queueOf(n: number, calls: number): SimulatedQueue {
  const total = hours.reduce((sum, share) => sum + share, 0);
  const skill = asId<never>(`skill-${n}`);
  return {
    plan: {
      queue: queueName(n),
      strategy: strategies.filter((strategy) => strategy !== 'ring-all')[n % 4] ?? 'longest-idle',
      needs: [{ skill, level: 2 }],
      preferred: null,
      ageingMsPerPriority: 60_000,
      stickyWaitMs: null,
      ringAllLimit: 10,
      overflow: [
        {
          afterMs: 60_000,
          fromWaiting: null,
          does: { kind: 'widen', needs: [{ skill, level: 1 }], alsoQueues: [], reserve: false },
        },
      ],
    },
    thresholds: { serviceLevelThresholdMs: 15_000, shortAbandonMs: 5_000 },
    arrivals: {
      kind: 'expected',
      perInterval: hours.flatMap((share) => Array.from({ length: 4 }, () => (calls * share) / total / 4)),
    },
    priority: n % 3,
    patience: { kind: 'exponential', meanMs: 180_000 },
    talk: { kind: 'lognormal', meanMs: 75_000, deviation: 1 },
    wrapUp: { kind: 'fixed', ms: 10_000 },
    ring: { kind: 'exponential', meanMs: 3_000 },
    ringTimeoutMs: 20_000,
    missedRingAwayMs: 60_000,
    maxWaitMs: 600_000,
    maxWaiting: 500,
  };
}

function agentOf(n: number): SimulatedAgent {
  const own = Array.from({ length: skillsOfAnAgent }, (_, k) => (n + k * 7) % queues);
  const begins = (teams[n % teams.length] ?? 0) * hourMs;
  return {
    profile: {
      id: asId(String(10_000 + n)),
      queues: own.map(queueName),
      certificates: own.map((q, k) => ({
        skill: asId(`skill-${q}`),
        level: (1 + ((n >> k) % 5)) as SkillLevel,
        expiresAt: null,
      })),
      reserve: false,
    },
    shifts: [0, 5 * hourMs].map((later) => ({
      from: instant(begins + later),
      to: instant(begins + later + 4 * hourMs),
    })),
  };
}

const queueName = (n: number): QueueId => asId(`queue-${n}`);
