import type { AgentIntent } from '../events/events.ts';
import type { AgentId, CallbackId, HotlineId, QueueId } from '../events/ids.ts';
import type { CallCommand, CallRefusal } from './call-commands.ts';

/** What people ask for, from the desk, the API or a lead's screen. */
export type Command = {
  /** The user who asked, for the record. */
  by: string;
} & (
  | { kind: 'set-agent-state'; agent: AgentId; intent: AgentIntent }
  /** Turns something on or off for a hotline; `name` is declared in the calendar. */
  | { kind: 'set-switch'; hotline: HotlineId; name: string; on: boolean }
  /** Takes a promised callback back, also while it is being made. */
  | { kind: 'cancel-callback'; callbackId: CallbackId }
  /** An agent's call is put on hold, passed on and the like (call-commands.ts). */
  | { kind: 'control-call'; control: CallCommand }
  /** More time for the wrap-up that the agent is in. Ending it early is choosing a state. */
  | { kind: 'extend-wrap-up'; agent: AgentId; byMs: number }
  /** The queue's reserve may be rung from now on, or no longer (KPI-05). */
  | { kind: 'call-in-reserve'; queue: QueueId; on: boolean }
);

/** `refused` carries a stable code for the API, and words for people. */
export type CommandResult =
  | { ok: true }
  | {
      ok: false;
      code:
        | 'unknown-agent'
        | 'phone-unreachable'
        | 'not-allowed'
        | 'unknown-hotline'
        | 'unknown-switch'
        | 'unknown-callback'
        | 'unknown-queue'
        | CallRefusal;
      message: string;
    };
