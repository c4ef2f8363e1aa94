import type { FlowId, NodeName, PromptId, QueueId } from '../events/ids.ts';
import type { Language } from '../events/vocabulary.ts';

/** A call flow as data: a graph of nodes. Loaded from `dialplans/ivr/*.yaml` by parse-flow.ts, which also checks it. */
export type Flow = {
  readonly id: FlowId;
  readonly version: number;
  readonly language: Language;
  readonly start: NodeName;
  /** Where key 0, and three errors in a menu, lead: an enqueue node. */
  readonly person: NodeName;
  /** Where a caller goes whose agent was lost in mid-conversation: an enqueue node. */
  readonly agentLost: NodeName;
  readonly nodes: ReadonlyMap<NodeName, FlowNode>;
};

export type FlowNode =
  /** Play, then go on. `serves`: having heard it, the caller has been served. */
  | {
      readonly kind: 'announce';
      readonly prompts: readonly PromptId[];
      readonly serves: boolean;
      readonly next: NodeName;
    }
  /** Play, listen for one key. Keys are heard during the prompt already (barge-in), and during announcements that lead here. */
  | {
      readonly kind: 'menu';
      readonly prompts: readonly PromptId[];
      readonly keys: ReadonlyMap<string, KeyTarget>;
      readonly listenMs: number;
      readonly maxAttempts: number;
      readonly invalidKey: readonly PromptId[];
      readonly noInput: readonly PromptId[];
      /** After `maxAttempts` silences or wrong keys. */
      readonly onFailure: NodeName;
    }
  /** Join the queue at once; the prompts are heard while waiting. Callers who cannot be served go on at `onTimeout` / `onFull`. */
  | {
      readonly kind: 'enqueue';
      readonly prompts: readonly PromptId[];
      readonly queue: QueueId;
      readonly priority: number;
      readonly onTimeout: NodeName;
      readonly onFull: NodeName;
    }
  /** Play, then hang up. */
  | { readonly kind: 'hang-up'; readonly prompts: readonly PromptId[] };

/** What kinds of node there are; a new one is told here too, or this does not compile. */
export const nodeKinds = Object.keys({
  announce: true,
  menu: true,
  enqueue: true,
  'hang-up': true,
} satisfies Record<FlowNode['kind'], true>) as FlowNode['kind'][];

export type KeyTarget = { readonly kind: 'node'; readonly node: NodeName } | { readonly kind: 'repeat' };

/** Keys that mean the same everywhere (kpi.md, 95598 / 10050 practice): 9 repeats, * goes back to the start, 0 reaches a person. */
export const repeatKey = '9';
export const backKey = '*';
export const personKey = '0';
