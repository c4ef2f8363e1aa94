import type { FlowId, NodeName, PromptId, QueueId } from '../events/ids.ts';
import type { Language } from '../events/vocabulary.ts';

/** A call flow as data: a graph of nodes. Loaded from `dialplans/ivr/*.yaml` by build-flow.ts, proved before that by check/. */
export type Flow = {
  readonly id: FlowId;
  /** The number under which it was activated; a call stays on the version it began with. */
  readonly version: number;
  readonly language: Language;
  readonly start: NodeName;
  /** Where key 0, and three errors, lead. */
  readonly person: NodeName;
  /** Where a caller goes whose agent was lost in mid-conversation: an enqueue node. */
  readonly agentLost: NodeName;
  /** Where a caller goes on when the agent has hung up first; null: the call ends. */
  readonly afterAgent: NodeName | null;
  readonly nodes: ReadonlyMap<NodeName, FlowNode>;
};

/** Something said: a fixed prompt, or a value of the call, spoken as what it is. */
export type Spoken =
  | { readonly kind: 'prompt'; readonly prompt: PromptId }
  | { readonly kind: 'amount' | 'digits' | 'date' | 'time'; readonly variable: string }
  | { readonly kind: 'count'; readonly variable: string; readonly of: PromptId | null }
  | {
      readonly kind: 'choice';
      readonly variable: string;
      readonly prompts: ReadonlyMap<string, PromptId>;
      readonly otherwise: PromptId;
    };

export type Condition =
  | { readonly kind: 'hours'; readonly hours: string }
  /** null: any holiday. */
  | { readonly kind: 'holiday'; readonly holiday: string | null }
  | { readonly kind: 'switch'; readonly name: string }
  /** Minutes after midnight, local; a span may pass midnight. */
  | { readonly kind: 'time'; readonly fromMinute: number; readonly toMinute: number }
  | { readonly kind: 'is'; readonly variable: string; readonly oneOf: readonly string[] }
  | { readonly kind: 'above' | 'below'; readonly variable: string; readonly than: number }
  | { readonly kind: 'known'; readonly variable: string; readonly known: boolean }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] };

/** Said by a node; keys cut it short unless `bargeIn` is false. */
type Speaks = { readonly prompts: readonly Spoken[]; readonly bargeIn: boolean };

/** A node that waits for keys. */
type Listens = {
  readonly listenMs: number;
  readonly maxAttempts: number;
  readonly noInput: readonly Spoken[];
  /** After `maxAttempts` silences or wrong entries. */
  readonly onFailure: NodeName;
};

export type FlowNode =
  /**
   * Play, then go on. `serves`: having heard it, the caller has been served. `once`: the variable that says it has been heard to its end,
   * and is not to be heard again; null: every time.
   */
  | (Speaks & {
      readonly kind: 'announce' | 'say';
      readonly serves: boolean;
      readonly once: string | null;
      readonly next: NodeName;
    })
  /** Play, listen for one key. Keys are heard during the prompt already (barge-in), and during announcements that lead here. */
  | (Speaks &
      Listens & {
        readonly kind: 'menu';
        readonly keys: ReadonlyMap<string, KeyTarget>;
        readonly invalidKey: readonly Spoken[];
      })
  /** Play, take digits. A lone 0 or 9 is a person or a repeat, * goes back (or clears what was keyed). */
  | (Speaks &
      Listens & {
        readonly kind: 'collect';
        readonly into: string;
        readonly minDigits: number;
        readonly maxDigits: number;
        readonly terminator: '#' | null;
        readonly betweenMs: number;
        readonly check: RegExp | null;
        readonly invalidEntry: readonly Spoken[];
        readonly next: NodeName;
      })
  | (Speaks & {
      readonly kind: 'lookup';
      readonly lookup: string;
      readonly parameters: ReadonlyMap<string, string>;
      readonly onFound: NodeName;
      readonly onNotFound: NodeName;
      readonly onFailure: NodeName;
    })
  | {
      readonly kind: 'branch';
      readonly when: readonly { readonly condition: Condition; readonly next: NodeName }[];
      readonly otherwise: NodeName;
    }
  | { readonly kind: 'set'; readonly values: Readonly<Record<string, string>>; readonly next: NodeName }
  | { readonly kind: 'goto'; readonly flow: FlowId; readonly node: NodeName | null }
  /** Join the queue at once; the prompts are heard while waiting. Callers who cannot be served go on at `onTimeout` / `onFull`. */
  | (Speaks & {
      readonly kind: 'enqueue';
      readonly queue: QueueId;
      readonly priority: number;
      readonly skills: readonly string[];
      readonly whileWaiting: WhileWaiting | null;
      readonly keys: ReadonlyMap<string, NodeName>;
      readonly onTimeout: NodeName;
      readonly onFull: NodeName;
      /** For whom the queue sends away, by what they are to get; without an entry they go on at `onTimeout` or `onFull`. */
      readonly onOverflow: ReadonlyMap<OverflowExit, NodeName>;
    })
  | (Speaks & {
      readonly kind: 'offer-callback';
      readonly number: string;
      readonly queue: QueueId;
      readonly priority: number;
      readonly next: NodeName;
      readonly onFailure: NodeName;
    })
  | (Speaks & {
      readonly kind: 'voicemail';
      readonly queue: QueueId;
      readonly maxMs: number;
      readonly silenceMs: number;
      readonly next: NodeName;
      readonly onFailure: NodeName;
    })
  | (Speaks &
      Listens & {
        readonly kind: 'survey';
        readonly scores: ReadonlyMap<string, number>;
        readonly dissatisfiedUpTo: number;
        readonly invalidKey: readonly Spoken[];
        readonly next: NodeName;
      })
  | (Speaks & {
      readonly kind: 'transfer';
      /** A number, or the name of the variable that holds it. */
      readonly to: string;
      readonly ringMs: number;
      readonly onFailure: NodeName;
    })
  /** Play, then hang up. `outcome`: how the call is recorded unless an agent, or self service, was reached. */
  | (Speaks & { readonly kind: 'hang-up'; readonly outcome: 'closed' | 'blocked' | 'failed' | null });

/** What a queue can send callers away to, within their flow. */
export const overflowExits = ['callback', 'voicemail', 'message'] as const;
export type OverflowExit = (typeof overflowExits)[number];

export type WhileWaiting = {
  readonly afterMs: number;
  readonly everyMs: number;
  readonly position: boolean;
  readonly expectedWait: boolean;
  readonly prompts: readonly Spoken[];
};

/** What kinds of node there are; a new one is told here too, or this does not compile. */
export const nodeKinds = Object.keys({
  announce: true,
  say: true,
  menu: true,
  collect: true,
  lookup: true,
  branch: true,
  set: true,
  goto: true,
  enqueue: true,
  'offer-callback': true,
  voicemail: true,
  survey: true,
  transfer: true,
  'hang-up': true,
} satisfies Record<FlowNode['kind'], true>) as FlowNode['kind'][];

export type KeyTarget =
  | { readonly kind: 'node'; readonly node: NodeName }
  | { readonly kind: 'repeat' }
  | { readonly kind: 'back' };

/** Keys that mean the same everywhere (kpi.md, 95598 / 10050 practice): 9 repeats, * goes back to the menu before, 0 reaches a person. */
export const repeatKey = '9';
export const backKey = '*';
export const personKey = '0';

/**
 * Variables every call has from the start; texts all, '' when unknown. `greeting`: how the calendar greets callers at the moment this
 * one arrives (calendar.ts), to be said by choice.
 */
export const givenVariables = [
  'caller',
  'dialled',
  'hotline',
  'language',
  'agent',
  'queue',
  'greeting',
] as const;
