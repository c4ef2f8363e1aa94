import { z } from 'zod';
import type { Centre } from '../calls/centre.ts';
import { profileOf, servingPlansOf } from '../calls/serving-plans.ts';
import { type AgentId, asId, type QueueId } from '../events/ids.ts';
import { instant } from '../events/instant.ts';
import type { Scenario, SimulatedAgent, SimulatedQueue } from './scenario.ts';
import { inWords, numbersOf, shiftOf } from './scenario-from-text.ts';

const minuteMs = 60_000;
const seconds = z.number().positive().max(86_400);

/**
 * The text of a forecast: how many calls are expected, how long they take, and who is to be there. How queues are served and what agents can
 * do stands in the centre's own definition.
 */
export const forecastText = z.strictObject({
  name: z.string().min(1).max(100),
  startsAt: z.iso.datetime({
    offset: true,
    error: 'write a moment with its zone, such as 2026-11-30T08:00:00+08:00',
  }),
  hours: z
    .number()
    .positive()
    .max(24 * 31),
  intervalMinutes: z.number().int().min(1).max(1_440).default(30),
  queues: z
    .record(
      z.string(),
      z.strictObject({
        /** Expected in each interval; the last one goes on until the end. */
        calls: z.array(z.number().min(0).max(1_000_000)).min(1).max(50_000),
        /** Means: talk with hold, and, unless the queue's own time is meant, wrap-up. */
        talkSeconds: seconds,
        wrapUpSeconds: z.number().min(0).max(86_400).optional(),
        /** How long callers wait until they give up, on average. */
        patienceSeconds: z.union([seconds, z.literal('endless')]).default(180),
        /** How long agents let it ring. */
        ringSeconds: seconds.default(4),
      }),
    )
    .refine((queues) => Object.keys(queues).length > 0, { error: 'name at least one queue' }),
  roster: z
    .array(
      z.strictObject({
        agents: z
          .string()
          .regex(/^\d{3,8}(-\d{3,8})?$/, 'one number, or the first and the last with - between'),
        shifts: z.array(z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, 'a shift is 08:00-12:00')).min(1),
      }),
    )
    .min(1),
});
type ForecastText = z.infer<typeof forecastText>;

/** The day that is forecast, served as the centre serves; or everything that is wrong with it: place, then what. */
export function scenarioOfForecast(
  content: unknown,
  centre: Pick<Centre, 'queues' | 'agents'>,
): { scenario: Scenario } | { problems: string[] } {
  const parsed = forecastText.safeParse(content);
  if (!parsed.success) return { problems: parsed.error.issues.map(inWords) };
  const text = parsed.data;
  const problems = [
    ...Object.keys(text.queues)
      .filter((queue) => !centre.queues.has(asId<QueueId>(queue)))
      .map(
        (queue) =>
          `queues.${queue}: the centre has no such queue; it has ${[...centre.queues.keys()].join(', ')}`,
      ),
    ...wrongRoster(text, centre),
  ];
  if (problems.length > 0) return { problems };
  const startsAt = instant(Date.parse(text.startsAt));
  return {
    scenario: {
      name: text.name,
      startsAt,
      endsAt: instant(startsAt + text.hours * 60 * minuteMs),
      intervalMs: text.intervalMinutes * minuteMs,
      queues: queuesOf(text, centre),
      agents: agentsOf(text, centre),
    },
  };
}

function wrongRoster(text: ForecastText, { agents }: Pick<Centre, 'agents'>): string[] {
  const seen = new Set<string>();
  return text.roster.flatMap((group, n) => {
    const numbers = numbersOf(group.agents);
    const where = `roster.${n}`;
    const shifts = group.shifts.map((shift) => shiftOf(text, shift));
    return [
      ...(numbers.length === 0 ? [`${where}.agents: ${group.agents} are no numbers, the first first`] : []),
      ...numbers.flatMap((number) => {
        if (seen.has(number)) return [`${where}.agents: ${number} is there already`];
        seen.add(number);
        return agents.has(asId<AgentId>(number))
          ? []
          : [`${where}.agents: the centre has no agent ${number}`];
      }),
      ...shifts.flatMap(({ from, to }, k) =>
        from >= to || from < (shifts[k - 1]?.to ?? from)
          ? [
              `${where}.shifts: ${group.shifts[k]} ends before it begins, or begins before the one before ends`,
            ]
          : [],
      ),
    ];
  });
}

function queuesOf(text: ForecastText, centre: Pick<Centre, 'queues'>): SimulatedQueue[] {
  const intervals = Math.ceil((text.hours * 60) / text.intervalMinutes);
  const plans = servingPlansOf(centre);
  return [...centre.queues.values()].flatMap((queue) => {
    const plan = plans.get(queue.id);
    // A queue of which nothing is said gets callers from others' overflow alone.
    const expected = Object.hasOwn(text.queues, queue.id) ? text.queues[queue.id] : undefined;
    if (!plan) return [];
    const {
      calls = [0],
      talkSeconds = 180,
      wrapUpSeconds,
      patienceSeconds = 180,
      ringSeconds = 4,
    } = expected ?? {};
    const mean = (ofSeconds: number) => ({ kind: 'exponential', meanMs: ofSeconds * 1_000 }) as const;
    return {
      plan,
      thresholds: queue,
      arrivals: {
        kind: 'expected',
        perInterval: Array.from({ length: intervals }, (_, n) => calls[n] ?? calls.at(-1) ?? 0),
      },
      priority: 0,
      patience: patienceSeconds === 'endless' ? null : mean(patienceSeconds),
      talk: mean(talkSeconds),
      wrapUp: { kind: 'fixed', ms: wrapUpSeconds === undefined ? queue.wrapUpMs : wrapUpSeconds * 1_000 },
      ring: mean(ringSeconds),
      ringTimeoutMs: queue.ringTimeoutMs,
      missedRingAwayMs: 60_000,
      maxWaitMs: queue.maxWaitMs,
      maxWaiting: queue.maxWaiting,
    } satisfies SimulatedQueue;
  });
}

const agentsOf = (text: ForecastText, { agents }: Pick<Centre, 'agents'>): SimulatedAgent[] =>
  text.roster.flatMap((group) =>
    numbersOf(group.agents).flatMap((number) => {
      const agent = agents.get(asId<AgentId>(number));
      return agent
        ? { profile: profileOf(agent), shifts: group.shifts.map((shift) => shiftOf(text, shift)) }
        : [];
    }),
  );
