import type { AgentIntent } from '../events/events.ts';
import type { AgentId, CallbackId, HotlineId } from '../events/ids.ts';

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
        | 'unknown-callback';
      message: string;
    };
