import { z } from 'zod';
import { plainName as name, plainText } from './plain-text.ts';

/**
 * A flow as a service manager writes it (`dialplans/ivr/*.yaml`): the shape alone. What names refer to, and whether callers get
 * anywhere, is the checker's business.
 */

/** What a call knows by name: `account`, `balance`. Set by collect, lookup and set; some are there from the start (see `Spoken`). */
const variable = z.string().regex(/^[a-z][A-Za-z0-9]{0,40}$/, 'a name such as account or dueDate');
const key = z.string().regex(/^[0-9*#]$/, 'a key is one of 0-9, * and #');
const seconds = z.number().positive().max(3_600);

/** Something said: a prompt by its id, or a value spoken as what it is. */
export const spokenText = z.union([
  z.string().min(1),
  /** Yuan and fen, from a decimal such as "128.50". */
  z.strictObject({ amount: variable }),
  /** One by one, as telephone and account numbers are. */
  z.strictObject({ digits: variable }),
  /** A whole number, said with a measure prompt after it if given. */
  z.strictObject({ count: variable, of: z.string().min(1).optional() }),
  /** A day, from YYYY-MM-DD or a full timestamp. */
  z.strictObject({ date: variable }),
  /** A time of day, from HH:MM or a full timestamp. */
  z.strictObject({ time: variable }),
  /** The prompt that belongs to a value. */
  z.strictObject({
    choice: variable,
    prompts: z.record(z.string(), z.string().min(1)),
    otherwise: z.string().min(1),
  }),
]);
const said = z.array(spokenText);

/** What a branch can ask. */
export type ConditionText =
  | { hours: string }
  | { holiday: true | string }
  | { switch: string }
  | { time: string }
  | { value: string; is: string | string[] }
  | { value: string; above: number }
  | { value: string; below: number }
  | { value: string; known: boolean }
  | { not: ConditionText }
  | { all: ConditionText[] }
  | { any: ConditionText[] };
const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);
export const conditionText: z.ZodType<ConditionText> = z.lazy(() =>
  z.union([
    z.strictObject({ hours: name }),
    z.strictObject({ holiday: z.union([z.literal(true), name]) }),
    z.strictObject({ switch: name }),
    z.strictObject({ time: z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, 'a span such as 06:00-11:30') }),
    z.strictObject({ value: variable, is: oneOrMore }),
    z.strictObject({ value: variable, above: z.number() }),
    z.strictObject({ value: variable, below: z.number() }),
    z.strictObject({ value: variable, known: z.boolean() }),
    z.strictObject({ not: conditionText }),
    z.strictObject({ all: z.array(conditionText).min(1) }),
    z.strictObject({ any: z.array(conditionText).min(1) }),
  ]),
);

/** Heard by a caller who waits, every so often, instead of the music. */
const whileWaiting = z.strictObject({
  /** The first time, and from then on every `everySeconds`. */
  afterSeconds: seconds.default(30),
  everySeconds: seconds.default(45),
  position: z.boolean().default(true),
  expectedWait: z.boolean().default(true),
  /** After position and expected wait; may name the keys of `keys`. */
  prompts: said.default([]),
});

const speaks = { prompts: said.default([]), bargeIn: z.boolean().default(true) };
const mustSpeak = { prompts: said.min(1), bargeIn: z.boolean().default(true) };
const attempts = {
  listenSeconds: z.number().positive().max(60).default(6),
  maxAttempts: z.number().int().min(1).max(10).default(3),
  noInput: said.default(['no-input']),
  /** After `maxAttempts` silences or wrong entries; the flow's `person` unless given. */
  onFailure: z.string().optional(),
};

export const nodeText = z.discriminatedUnion('kind', [
  /**
   * Says fixed words, goes on. `serves`: having heard it, the caller has been served. `once`: a variable that is "yes" from when it has been
   * heard to its end; whoever has heard this, or another one of the same variable, goes on at once.
   */
  z.strictObject({
    kind: z.literal('announce'),
    ...mustSpeak,
    once: variable.optional(),
    serves: z.boolean().default(false),
    next: z.string(),
  }),
  /** The same with at least one value in it. */
  z.strictObject({
    kind: z.literal('say'),
    ...mustSpeak,
    serves: z.boolean().default(false),
    next: z.string(),
  }),
  z.strictObject({
    kind: z.literal('menu'),
    ...mustSpeak,
    /** To a node's name, or `repeat`, or `back`. */
    keys: z.record(key, z.string()),
    invalidKey: said.default(['invalid-key']),
    ...attempts,
  }),
  /** Digits keyed in, ended by #, by the last possible digit, or by a pause. */
  z.strictObject({
    kind: z.literal('collect'),
    ...mustSpeak,
    into: variable,
    minDigits: z.number().int().min(1).max(32),
    maxDigits: z.number().int().min(1).max(32),
    terminator: z.enum(['#', 'none']).default('#'),
    betweenSeconds: z.number().positive().max(30).default(3),
    /** A regular expression for the whole entry. */
    check: z.string().optional(),
    invalidEntry: said.default(['invalid-entry']),
    next: z.string(),
    ...attempts,
  }),
  z.strictObject({
    kind: z.literal('lookup'),
    ...speaks,
    lookup: name,
    /** Parameter → a variable's name. */
    with: z.record(variable, variable).default({}),
    onFound: z.string(),
    onNotFound: z.string(),
    /** The source did not answer in time, or failed. */
    onFailure: z.string(),
  }),
  z.strictObject({
    kind: z.literal('branch'),
    /** The first that holds decides. */
    when: z.array(z.strictObject({ if: conditionText, next: z.string() })).min(1),
    otherwise: z.string(),
  }),
  z.strictObject({
    kind: z.literal('set'),
    /** Variable → text. `language` (zh-CN, en) is the language of all that is said from here on. */
    set: z.record(variable, plainText(200)),
    next: z.string(),
  }),
  /** On in another flow. */
  z.strictObject({ kind: z.literal('goto'), flow: z.string(), node: z.string().optional() }),
  z.strictObject({
    kind: z.literal('enqueue'),
    ...speaks,
    queue: z.string(),
    priority: z.number().int().min(0).max(100).default(0),
    skills: z.array(z.string()).default([]),
    whileWaiting: whileWaiting.optional(),
    /** What a waiting caller may press to leave the queue for something else. */
    keys: z.record(key, z.string()).default({}),
    onTimeout: z.string(),
    onFull: z.string(),
    /** Where callers go whom the queue sends away (centre.yaml: overflow, whenFull, whenClosed): to these nodes; where none is named, on as above. */
    onOverflow: z
      .strictObject({
        callback: z.string().optional(),
        voicemail: z.string().optional(),
        message: z.string().optional(),
      })
      .default({}),
  }),
  /** Promises to call back: the caller's place in the queue is kept. To be reached from a waiting queue by key, or from anywhere. */
  z.strictObject({
    kind: z.literal('offer-callback'),
    ...speaks,
    /** The variable with the number to call. */
    number: variable.default('caller'),
    queue: z.string(),
    priority: z.number().int().min(0).max(100).default(0),
    next: z.string(),
    /** The number cannot be called (withheld, not a number), or the queue takes no more callbacks. */
    onFailure: z.string(),
  }),
  z.strictObject({
    kind: z.literal('voicemail'),
    ...mustSpeak,
    /** Who is to hear it: a queue's name. */
    queue: z.string(),
    maxSeconds: z.number().int().min(5).max(600).default(120),
    /** This long a silence ends it. */
    silenceSeconds: z.number().int().min(2).max(30).default(5),
    next: z.string(),
    /** Nothing was said, or it could not be recorded. */
    onFailure: z.string(),
  }),
  /** One question with a key for each answer (OUT-07); one vote per contact. */
  z.strictObject({
    kind: z.literal('survey'),
    ...mustSpeak,
    /** Key → score, 5 very satisfied … 1 very dissatisfied. */
    scores: z.record(key, z.number().int().min(1).max(5)),
    /** Scores up to this one open a follow-up task. */
    dissatisfiedUpTo: z.number().int().min(0).max(4).default(2),
    invalidKey: said.default(['invalid-key']),
    next: z.string(),
    ...attempts,
  }),
  /** On to an outside number, over the trunk. */
  z.strictObject({
    kind: z.literal('transfer'),
    ...speaks,
    /** A number, or the name of the variable that holds it. */
    to: z.string().min(1),
    ringSeconds: z.number().int().min(5).max(120).default(30),
    /** The other side did not answer. */
    onFailure: z.string(),
  }),
  z.strictObject({
    kind: z.literal('hang-up'),
    ...speaks,
    /** How the call is recorded unless an agent, or self service, was reached. */
    outcome: z.enum(['closed', 'blocked', 'failed']).optional(),
  }),
]);

export const flowText = z.strictObject({
  flow: z.string().regex(/^[\w-]{1,40}$/, 'letters, digits, - and _ only'),
  /** Counted up by whoever writes the file; the number of an activated version is the service's own. */
  version: z.number().int().positive(),
  language: z.enum(['zh-CN', 'en']),
  start: z.string(),
  /** Where key 0, and three errors, lead: an enqueue node, or what leads to one without a key. */
  person: z.string(),
  /** Where a caller goes whose agent was lost in mid-conversation: an enqueue node. */
  agentLost: z.string(),
  /** Where a caller goes on when the agent has hung up first: a survey. The call ends there unless given. */
  afterAgent: z.string().optional(),
  nodes: z.record(z.string(), nodeText),
});

export type FlowText = z.infer<typeof flowText>;
export type NodeText = z.infer<typeof nodeText>;
export type SpokenText = z.infer<typeof spokenText>;
