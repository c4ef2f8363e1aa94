import type { FlowPlace } from '../events/events.ts';
import type { FlowId, NodeName, PromptId } from '../events/ids.ts';
import type { FlowNode } from './flow.ts';
import type { LookupResult } from './position.ts';

/** What happened to a caller. */
export type FlowInput =
  | { kind: 'enter'; node: NodeName }
  | { kind: 'prompt-finished' }
  | { kind: 'key'; key: string }
  | { kind: 'silence' }
  /** What it told has become the call's values already. */
  | { kind: 'lookup-ended'; result: LookupResult }
  /** What the node had begun is over: a callback was promised, a message left, or it could not be done. */
  | { kind: 'done'; ok: boolean };

type NodeOf<K extends FlowNode['kind']> = Extract<FlowNode, { kind: K }>;

/** What is to happen, in order. Nothing follows on what takes time: then the flow waits for its next input. */
export type FlowAction =
  /** `trail`: null when it is as before. */
  | {
      kind: 'entered';
      flow: FlowId;
      version: number;
      node: NodeName;
      trail: readonly FlowPlace[] | null;
    }
  /** `entry`: what has been keyed in so far, where several digits are asked for, and for how long we listen for more. */
  | {
      kind: 'key-judged';
      result: 'accepted' | 'invalid' | 'ignored';
      entry?: string;
      listenMs?: number;
    }
  | { kind: 'attempt-failed'; because: 'invalid-key' | 'no-input' | 'invalid-entry'; attempt: number }
  | { kind: 'served' }
  | { kind: 'set'; values: Readonly<Record<string, string>> }
  | { kind: 'survey-answered'; score: number; dissatisfied: boolean }
  | { kind: 'play'; prompts: readonly PromptId[] }
  /** Ask a data source; what is to be played while it is asked follows. → `lookup-ended` */
  | { kind: 'look-up'; lookup: string; parameters: Readonly<Record<string, string>> }
  | { kind: 'listen'; ms: number }
  /** A waiting caller wants something else. What that is follows. */
  | { kind: 'leave-queue' }
  /** Wait for a person; `prompts` are heard while waiting. */
  | { kind: 'enqueue'; to: NodeOf<'enqueue'>; prompts: readonly PromptId[] }
  /** → `done` */
  | { kind: 'offer-callback'; node: NodeOf<'offer-callback'>; number: string }
  /** → `done` */
  | { kind: 'record'; node: NodeOf<'voicemail'> }
  /** → `done` when it failed */
  | { kind: 'transfer'; node: NodeOf<'transfer'>; number: string }
  /** The call is over but for what is still to be said; `outcome`: null when it follows from what the caller got. */
  | { kind: 'close'; outcome: 'closed' | 'blocked' | 'failed'; prompts: readonly PromptId[] }
  | { kind: 'hang-up' };
