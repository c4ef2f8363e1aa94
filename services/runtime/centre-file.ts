import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Centre } from '../calls/centre.ts';
import { type AgentId, asId, type FlowId, type HotlineId, type QueueId } from '../events/ids.ts';
import { plainName, plainWords } from '../ivr/plain-text.ts';
import type { Certificate } from '../routing/skills.ts';
import { agentSkills, agentText, skillsNobodyHas } from './centre-agents.ts';
import { fingerprintOf } from './centre-fingerprint.ts';
import { wrongNames } from './centre-names.ts';
import { buildServing, servingDefaults, servingSettings, wrapUpsTooLong } from './centre-serving.ts';
import { readYaml } from './read-yaml.ts';

const words = plainWords(100);
const name = z.strictObject({ 'zh-CN': words, en: words });
const seconds = z.number().min(0).max(86_400);
const callbackSettings = z.strictObject({
  first: z.enum(['agent', 'caller']),
  attempts: z.number().int().min(1).max(20),
  everySeconds: seconds.min(10),
  hours: plainName.nullable(),
  most: z.number().int().min(0).max(10_000),
});
const usualCallbacks: z.infer<typeof callbackSettings> = {
  first: 'agent',
  attempts: 3,
  everySeconds: 300,
  hours: null,
  most: 200,
};
const numberPattern = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const problem = patternProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
const queueSettings = z.strictObject({
  ringTimeoutSeconds: seconds.min(1),
  wrapUpSeconds: seconds,
  maxWaitSeconds: seconds.min(1),
  maxWaiting: z.number().int().min(1).max(100_000),
  maxMissedRings: z.number().int().min(1),
  serviceLevelThresholdSeconds: seconds.min(1),
  shortAbandonSeconds: seconds,
  callbacks: callbackSettings.partial().default({}),
  ...servingDefaults,
});
// An id becomes an SIP user, a metric label and part of an Asterisk object's name.
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and -');
const schema = z.strictObject({
  demoData: z.boolean().default(false),
  hotlines: z.record(
    id,
    z.strictObject({
      name,
      numbers: z.array(z.string().regex(/^\+?[0-9]{2,20}$/, 'a number has digits only')).min(1),
      flow: z.string(),
      language: z.enum(['zh-CN', 'en']),
    }),
  ),
  queueDefaults: queueSettings,
  queues: z.record(id, queueSettings.partial().extend({ name, ...servingSettings })),
  agents: z.record(
    z.string().regex(/^[0-9]{3,8}$/, "an agent's number has 3 to 8 digits"),
    z.strictObject({ name: words, queues: z.array(z.string()).min(1), ...agentText }),
  ),
  users: z.record(id, z.strictObject({ name: words, role: z.enum(['lead', 'admin']) })),
  outbound: z
    .strictObject({ numbers: z.array(numberPattern).max(100), wrapUpSeconds: seconds.optional() })
    .default({ numbers: [] }),
});

/** Only what stands at both ends of a pattern keeps a number from being dialled with something before or after it. */
function patternProblem(text: string): string | null {
  if (!/^\^.*\$$/.test(text) || text.includes('|'))
    return 'a pattern begins with ^, ends with $, and has no | (write one pattern for each)';
  if (/^\^(\.|\\d\*|\\d\+|\[0-9\][*+])/.test(text)) return 'would let any number be dialled';
  try {
    new RegExp(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The centre or its flows are wrong. One line for each problem: file, place, what is wrong. */
export class CentreError extends Error {
  override readonly name = 'CentreError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** In which certificates end with the day, unless told otherwise. */
const usualTimeZone = 'Asia/Shanghai';

/**
 * Reads and checks `centre.yaml`.
 * @throws {CentreError} with every problem.
 */
export function loadCentre(file: string, timeZone?: string): Centre {
  return parseCentre(readText(file), file, timeZone);
}

/**
 * The same for a text that was read already; `file` names it in problems.
 * @throws {CentreError} with every problem.
 */
export function parseCentre(content: string, file: string, timeZone = usualTimeZone): Centre {
  const document = parseYaml(content, file);
  const problems = wrongNames(document).map((problem) => `${file}: ${problem}`);
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw new CentreError([...parsed.error.issues.map(inWords(file)), ...problems]);
  const text = parsed.data;
  const numbers = Object.entries(text.hotlines).flatMap(([hotline, h]) =>
    h.numbers.map((n) => [n, hotline] as const),
  );
  for (const [number, hotline] of numbers) {
    const other = numbers.find(([n, h]) => n === number && h < hotline);
    if (other)
      problems.push(`${file}: hotlines.${hotline}.numbers: ${number} is hotline ${other[1]}'s already`);
  }
  for (const user of Object.keys(text.users))
    if (Object.hasOwn(text.agents, user)) problems.push(`${file}: users.${user}: is an agent's number`);
  const skills = agentSkills(text.agents, timeZone, (where, problem) =>
    problems.push(`${file}: ${where}: ${problem}`),
  );
  for (const problem of wrapUpsTooLong(text.queueDefaults, text.queues)) problems.push(`${file}: ${problem}`);
  for (const { where, skill, held } of skillsNobodyHas(text.queues, text.agents))
    problems.push(
      `${file}: ${where}: no agent has the skill "${skill}"; ${held.length > 0 ? `they have ${held.join(', ')}` : 'none has any'}`,
    );
  if (problems.length > 0) throw new CentreError(problems);
  return build(text, skills);
}

const inWords = (file: string) => (issue: z.core.$ZodIssue) => {
  // Of a wrong key zod's own message says only that it is wrong.
  const why =
    issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;
  return `${file}: ${issue.path.join('.') || 'the whole file'}: ${why}`;
};

function build(text: z.infer<typeof schema>, skills: ReadonlyMap<string, readonly Certificate[]>): Centre {
  const ms = (value: number) => Math.round(value * 1000);
  const centre: Centre = {
    demoData: text.demoData,
    hotlines: new Map(
      Object.entries(text.hotlines).map(([key, h]) => [
        asId<HotlineId>(key),
        {
          id: asId<HotlineId>(key),
          name: h.name,
          numbers: h.numbers,
          flow: asId<FlowId>(h.flow),
          language: h.language,
        },
      ]),
    ),
    queues: new Map(
      Object.entries(text.queues).map(([key, own]) => {
        const q = { ...text.queueDefaults, ...own };
        const callbacks = { ...usualCallbacks, ...text.queueDefaults.callbacks, ...own.callbacks };
        return [
          asId<QueueId>(key),
          {
            id: asId<QueueId>(key),
            name: q.name,
            ringTimeoutMs: ms(q.ringTimeoutSeconds),
            wrapUpMs: ms(q.wrapUpSeconds),
            maxWaitMs: ms(q.maxWaitSeconds),
            maxWaiting: q.maxWaiting,
            maxMissedRings: q.maxMissedRings,
            serviceLevelThresholdMs: ms(q.serviceLevelThresholdSeconds),
            shortAbandonMs: ms(q.shortAbandonSeconds),
            callbacks: {
              first: callbacks.first,
              attempts: callbacks.attempts,
              everyMs: ms(callbacks.everySeconds),
              hours: callbacks.hours,
              most: callbacks.most,
            },
            serving: buildServing(asId<QueueId>(key), text.queueDefaults, own),
          },
        ];
      }),
    ),
    agents: new Map(
      Object.entries(text.agents).map(([key, a]) => [
        asId<AgentId>(key),
        {
          id: asId<AgentId>(key),
          name: a.name,
          queues: a.queues.map((q) => asId<QueueId>(q)),
          skills: skills.get(key) ?? [],
          reserve: a.reserve,
        },
      ]),
    ),
    outbound: {
      numbers: text.outbound.numbers.map((pattern) => new RegExp(pattern)),
      wrapUpMs: ms(text.outbound.wrapUpSeconds ?? text.queueDefaults.wrapUpSeconds),
    },
    users: Object.entries(text.users).map(([user, u]) => ({ user, name: u.name, role: u.role })),
  };
  return Object.freeze({ ...centre, fingerprint: fingerprintOf(centre) });
}

/** @throws {CentreError} when it is not there or not ours to read. */
export function readText(file: string): string {
  if (!existsSync(file)) throw new CentreError([`${file}: is not there`]);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CentreError([`${file}: cannot be read (${error instanceof Error ? error.message : error})`]);
  }
}

function parseYaml(text: string, file: string): unknown {
  const read = readYaml(text);
  if ('problems' in read) throw new CentreError(read.problems.map((problem) => `${file}: ${problem}`));
  return read.content;
}
