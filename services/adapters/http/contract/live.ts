import { z } from 'zod';
import { agentStates, callStages, holdReasons, notReadyReasons } from '../../../events/vocabulary.ts';
import {
  bilingualSchema,
  countSchema,
  durationMsSchema,
  instantSchema,
  revealFields,
  revealIsComplete,
  revealProblem,
} from './common.ts';
import { kpiCountsSchema, kpiSchema } from './kpi.ts';
import { switchSchema } from './switches.ts';

/** GET /api/v1/live */
export const liveQuerySchema = z.strictObject(revealFields).refine(revealIsComplete, revealProblem);

const upOrDown = z.enum(['up', 'down']);
const agentCountsSchema = z.record(z.enum(agentStates), countSchema);

/** Which parts work, so that a board can say what is stale. */
export const partsSchema = z
  .object({
    ready: z.boolean(),
    telephony: upOrDown,
    postgres: upOrDown,
    /** Events not yet in Postgres. */
    journalBacklogEvents: countSchema,
    /** `down`: the disk refuses events, which are held in memory meanwhile. */
    journal: upOrDown,
    downSince: z
      .object({ telephony: instantSchema.optional(), postgres: instantSchema.optional() })
      .optional()
      .meta({ description: 'Since when the parts that are down are known to be.' }),
  })
  .meta({ id: 'Parts' });

export const liveQueueSchema = z
  .object({
    queue: z.string(),
    name: bilingualSchema,
    waiting: countSchema,
    /** Customers who were promised a callback there and wait for it. */
    callbacks: countSchema,
    /** 0 when nobody waits. */
    longestWaitMs: durationMsSchema,
    expectedWaitMs: durationMsSchema.nullable().meta({
      description: 'How long whoever joined now would wait on average; null when nobody can say.',
    }),
    agents: agentCountsSchema,
    serviceLevelThresholdMs: durationMsSchema,
    shortAbandonMs: durationMsSchema,
    /** Agents at work who may serve an ordinary caller of it now: what it needs and the reserve are considered. */
    mayServe: z.object({ atWork: countSchema, free: countSchema }),
    /** The queue's reserve, and who called it in; `calledIn` null: nobody. */
    reserve: z.object({
      agents: countSchema,
      available: countSchema,
      calledIn: z.object({ by: z.string(), since: instantSchema }).nullable(),
    }),
    countsToday: kpiCountsSchema,
    kpis: z.array(kpiSchema),
  })
  .meta({ id: 'LiveQueue' });
export type LiveQueueView = z.infer<typeof liveQueueSchema>;

export const liveAgentSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    queues: z.array(z.string()),
    state: z.enum(agentStates),
    reason: z.enum(notReadyReasons).nullable(),
    since: instantSchema,
    callId: z.string().nullable(),
    /** Phones that can be rung now; empty when none. */
    devices: z.array(z.enum(['sip', 'web'])),
    /** What the agent can do, at which level (1–5), and from when on it counts no longer. */
    skills: z.array(
      z.object({ skill: z.string(), level: z.number().int(), expiresAt: instantSchema.nullable() }),
    ),
    /** Rung only where the reserve is called in. */
    reserve: z.boolean(),
    /** When the state ends by itself (wrap-up). */
    until: instantSchema.nullable(),
    /** What the agent will be when the present work is done; null when there is none. */
    afterWork: z
      .object({ state: z.enum(agentStates), reason: z.enum(notReadyReasons).nullable() })
      .nullable(),
  })
  .meta({ id: 'LiveAgent' });
export type LiveAgentView = z.infer<typeof liveAgentSchema>;

/** Numbers outside are masked unless revealed. */
const consultPartySchema = z.union([
  z.object({ kind: z.literal('agent'), agent: z.string() }),
  z.object({ kind: z.literal('outside'), number: z.string() }),
]);

export const liveCallSchema = z
  .object({
    callId: z.string(),
    hotline: z.string().nullable(),
    source: z.enum(['trunk', 'agent', 'caller', 'callback']),
    /** Masked (`138****1234`) unless revealed; '' when the caller withheld it. */
    callerNumber: z.string(),
    dialledNumber: z.string(),
    stage: z.enum(callStages),
    stageSince: instantSchema,
    startedAt: instantSchema,
    queue: z.string().nullable(),
    /** When the call entered the queue it waits in, ringing included; null when not waiting. */
    queuedAt: instantSchema.nullable(),
    /** 1 = next; null when not waiting. */
    position: z.number().int().nullable(),
    step: z.object({ step: z.number().int(), because: z.string() }).nullable().meta({
      description: 'How far the overflow of the visit it waits in has come; null at the beginning.',
    }),
    /** Agents whose phones ring for it. */
    ringing: z.array(z.string()),
    agent: z.string().nullable(),
    node: z.string().nullable(),
    /** The caller hears music: on hold, or while the agent takes advice. */
    held: z.boolean(),
    hold: z
      .object({
        since: instantSchema,
        promise: z.object({ reason: z.enum(holdReasons), promisedMs: durationMsSchema }).nullable(),
      })
      .nullable()
      .meta({
        description:
          "Since when, and what the caller was told; `promise` is null with a phone's own key, and for a consultation.",
      }),
    consult: z
      .object({
        by: z.string(),
        party: consultPartySchema,
        reason: z.string(),
        since: instantSchema,
        answered: z.boolean(),
        speaksWith: z.enum(['target', 'caller', 'all']),
      })
      .nullable()
      .meta({ description: 'The agent `by` asks `party` for advice; the one not spoken with hears music.' }),
    passing: z
      .object({
        by: z.string(),
        to: z.union([consultPartySchema, z.object({ kind: z.literal('queue'), queue: z.string() })]),
        reason: z.string(),
        comesBack: z.boolean(),
      })
      .nullable()
      .meta({
        description: 'The agent `by` has passed the caller on; `comesBack`: in vain, and is rung again.',
      }),
  })
  .meta({ id: 'LiveCall' });
export type LiveCallView = z.infer<typeof liveCallSchema>;

/** All queues together. Each agent counts once, however many queues they serve. */
export const liveOverallSchema = z
  .object({
    waiting: countSchema,
    longestWaitMs: durationMsSchema,
    agents: agentCountsSchema,
    countsToday: kpiCountsSchema,
    kpis: z.array(kpiSchema),
  })
  .meta({ id: 'LiveOverall' });

/**
 * What is true now. Durations and waits are as of `at` (the server's clock): tick from there. Every message of the
 * stream is a whole snapshot; one that is missed is made good by the next.
 */
export const liveSnapshotSchema = z
  .object({
    at: instantSchema,
    /** Sequence number of the newest event included. */
    seq: countSchema,
    /** Local date that the counts belong to, `YYYY-MM-DD`. */
    today: z.string(),
    numbers: z.enum(['masked', 'whole']),
    parts: partsSchema,
    /** Where our books differ; both 0 when all is well. GET /api/v1/ledger lists it. */
    books: z.object({ unexplainedCalls: countSchema, kpiDifferences: countSchema }),
    nodes: z.array(z.object({ nodeId: z.string(), connected: z.boolean() })),
    hotlines: z.array(z.object({ hotline: z.string(), name: bilingualSchema })),
    queues: z.array(liveQueueSchema),
    overall: liveOverallSchema,
    agents: z.array(liveAgentSchema),
    calls: z.array(liveCallSchema),
    switches: z.array(switchSchema),
  })
  .meta({ id: 'LiveSnapshot' });
export type LiveSnapshot = z.infer<typeof liveSnapshotSchema>;

/**
 * GET /api/v1/live/stream: `event: snapshot`, `id: <seq>`, `data: <LiveSnapshot>`, at connect, then at most every
 * `minIntervalMs` when something changed and at least every `maxIntervalMs` (that is the heartbeat: a stream silent for
 * longer is broken). `event: signed-out` precedes the end of a stream whose session ended: do not reconnect.
 */
export const liveStream = {
  snapshotEvent: 'snapshot',
  signedOutEvent: 'signed-out',
  minIntervalMs: 500,
  maxIntervalMs: 5000,
} as const;
