import type { z } from 'zod';
import { asId } from '../events/ids.ts';
import { type Instant, instant } from '../events/instant.ts';
import type { FlowOutTarget, OverflowStep } from '../routing/serving-plan.ts';
import type { Certificate, SkillLevel, SkillNeed } from '../routing/skills.ts';
import type { Distribution } from './distribution.ts';
import type { Scenario, SimulatedAgent, SimulatedQueue } from './scenario.ts';
import { type DurationText, type OverflowText, type ScenarioText, scenarioText } from './scenario-text.ts';

const minuteMs = 60_000;
const maxAgents = 20_000;

/** A scenario, or everything that is wrong with it: place, then what. */
export function scenarioFromText(content: unknown): { scenario: Scenario } | { problems: string[] } {
  const parsed = scenarioText.safeParse(content);
  if (!parsed.success) return { problems: parsed.error.issues.map(inWords) };
  const text = parsed.data;
  const problems = [...wrongQueues(text), ...wrongAgents(text)];
  if (problems.length > 0) return { problems };
  const startsAt = instant(Date.parse(text.startsAt));
  return {
    scenario: {
      name: text.name,
      startsAt,
      endsAt: instant(startsAt + text.hours * 60 * minuteMs),
      intervalMs: text.intervalMinutes * minuteMs,
      queues: Object.keys(text.queues).map((name) => queueOf(text, name)),
      agents: text.agents.flatMap((group) => agentsOf(text, group)),
    },
  };
}

/** What is wrong with a file, as place and reason. */
export const inWords = (issue: z.core.$ZodIssue): string => {
  const why =
    issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;
  return `${issue.path.join('.') || 'the whole file'}: ${why}`;
};

function wrongQueues({ queues }: ScenarioText): string[] {
  const unknown = (where: string, names: readonly string[]) =>
    names
      .filter((name) => !Object.hasOwn(queues, name))
      .map((name) => `${where}: there is no queue "${name}"`);
  return Object.entries(queues).flatMap(([name, queue]) => [
    ...((queue.calls === undefined) === (queue.callsAt === undefined)
      ? [`queues.${name}: say either calls (expected in each interval) or callsAt (the times)`]
      : []),
    ...queue.overflow.flatMap((step, n) => [
      ...unknown(`queues.${name}.overflow.${n}.alsoQueues`, step.alsoQueues ?? []),
      ...unknown(
        `queues.${name}.overflow.${n}.leaveTo`,
        typeof step.leaveTo === 'object' ? [step.leaveTo.queue] : [],
      ),
      ...(step.afterSeconds < (queue.overflow[n - 1]?.afterSeconds ?? 0)
        ? [`queues.${name}.overflow.${n}: begins before the step before it`]
        : []),
    ]),
  ]);
}

function wrongAgents(text: ScenarioText): string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  text.agents.forEach((group, n) => {
    const numbers = numbersOf(group.numbers);
    if (numbers.length === 0 || numbers.length > maxAgents)
      problems.push(
        `agents.${n}.numbers: ${group.numbers} are no 1 to ${maxAgents} numbers, the first first`,
      );
    for (const number of numbers.slice(0, maxAgents)) {
      if (seen.has(number)) problems.push(`agents.${n}.numbers: ${number} is there already`);
      seen.add(number);
    }
    for (const queue of group.queues)
      if (!Object.hasOwn(text.queues, queue))
        problems.push(`agents.${n}.queues: there is no queue "${queue}"`);
    const shifts = group.shifts.map((shift) => shiftOf(text, shift));
    shifts.forEach(({ from, to }, k) => {
      if (from >= to || from < (shifts[k - 1]?.to ?? from))
        problems.push(
          `agents.${n}.shifts: ${group.shifts[k]} ends before it begins, or begins before the one before ends`,
        );
    });
  });
  return problems;
}

function queueOf(text: ScenarioText, name: string): SimulatedQueue {
  const queue = text.queues[name];
  if (!queue) throw new Error(`no queue ${name}`);
  const intervals = Math.ceil((text.hours * 60) / text.intervalMinutes);
  const { calls = [], callsAt } = queue;
  return {
    plan: {
      queue: asId(name),
      strategy: queue.strategy,
      needs: needsOf(queue.needs),
      preferred: queue.preferred === undefined ? null : asId(queue.preferred),
      ageingMsPerPriority: queue.ageingSecondsPerPriority * 1_000,
      stickyWaitMs: null,
      ringAllLimit: queue.ringAllLimit,
      overflow: queue.overflow.map(stepOf),
    },
    thresholds: {
      serviceLevelThresholdMs: queue.serviceLevelThresholdSeconds * 1_000,
      shortAbandonMs: queue.shortAbandonSeconds * 1_000,
    },
    arrivals: callsAt
      ? { kind: 'given', at: callsAt.map((time) => timeOf(text, time)).sort((a, b) => a - b) }
      : {
          kind: 'expected',
          perInterval: Array.from({ length: intervals }, (_, n) => calls[n] ?? calls.at(-1) ?? 0),
        },
    priority: queue.priority,
    patience: queue.patience === 'endless' ? null : durationOf(queue.patience),
    talk: durationOf(queue.talk),
    wrapUp: durationOf(queue.wrapUp),
    ring: durationOf(queue.ring),
    ringTimeoutMs: queue.ringTimeoutSeconds * 1_000,
    missedRingAwayMs: queue.missedRingAwaySeconds * 1_000,
    maxWaitMs: queue.maxWaitSeconds * 1_000,
    maxWaiting: queue.maxWaiting,
  };
}

function agentsOf(text: ScenarioText, group: ScenarioText['agents'][number]): SimulatedAgent[] {
  const certificates = Object.entries(group.skills).map(([skill, held]): Certificate => {
    const level = typeof held === 'object' ? held.level : held;
    const expiresAt = typeof held === 'object' ? instant(Date.parse(held.until)) : null;
    return { skill: asId(skill), level, expiresAt };
  });
  const queues = group.queues.map((queue) => asId<never>(queue));
  const shifts = group.shifts.map((shift) => shiftOf(text, shift));
  return numbersOf(group.numbers).map((number) => ({
    profile: { id: asId(number), queues, certificates, reserve: group.reserve },
    shifts,
  }));
}

const needsOf = (needs: Readonly<Record<string, SkillLevel>>): SkillNeed[] =>
  Object.entries(needs).map(([skill, level]) => ({ skill: asId(skill), level }));

function stepOf(step: OverflowText): OverflowStep {
  const { leaveTo, needs = {}, alsoQueues = [], reserve = false } = step;
  const when = { afterMs: step.afterSeconds * 1_000, fromWaiting: step.fromWaiting ?? null };
  if (leaveTo !== undefined) {
    const to: FlowOutTarget =
      typeof leaveTo === 'object' ? { kind: 'queue', queue: asId(leaveTo.queue) } : { kind: leaveTo };
    return { ...when, does: { kind: 'leave', to } };
  }
  const queues = alsoQueues.map((queue) => asId<never>(queue));
  return { ...when, does: { kind: 'widen', needs: needsOf(needs), alsoQueues: queues, reserve } };
}

function durationOf(text: DurationText): Distribution {
  if ('fixed' in text) return { kind: 'fixed', ms: text.fixed * 1_000 };
  if ('exponential' in text) return { kind: 'exponential', meanMs: text.exponential * 1_000 };
  if ('lognormal' in text)
    return { kind: 'lognormal', meanMs: text.lognormal * 1_000, deviation: text.deviation };
  return { kind: 'measured', ms: text.measured.map((one) => Math.round(one * 1_000)) };
}

/** `1001-1003` → 1001, 1002, 1003; empty when they are none, or too many. */
export function numbersOf(text: string): string[] {
  const [first = '', last = first] = text.split('-');
  const length = Math.max(0, Number(last) - Number(first) + 1);
  if (first.length !== last.length || length > maxAgents) return [];
  return Array.from({ length }, (_, n) => String(Number(first) + n).padStart(first.length, '0'));
}

/** A time of the day on which the scenario starts, in the zone in which its start is written. */
function timeOf({ startsAt }: Pick<ScenarioText, 'startsAt'>, time: string): Instant {
  const [date = '', clock = ''] = startsAt.split('T');
  const zone = /(Z|[+-]\d\d:?\d\d)$/.exec(clock)?.[0] ?? 'Z';
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return instant(Date.parse(`${date}T00:00:00${zone}`) + ((hours * 60 + minutes) * 60 + seconds) * 1_000);
}

/** `08:00-12:00` of the day on which the file starts. */
export function shiftOf(text: Pick<ScenarioText, 'startsAt'>, shift: string): { from: Instant; to: Instant } {
  const [from = '', to = ''] = shift.split('-');
  return { from: timeOf(text, from), to: timeOf(text, to) };
}
