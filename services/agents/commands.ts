import type { AgentIntent } from '../events/events.ts';
import type { AgentId } from '../events/ids.ts';

/** What people ask for, from the desk, the API or a lead's screen. */
export type Command = {
  kind: 'set-agent-state';
  agent: AgentId;
  intent: AgentIntent;
  /** The user who asked, for the record. */
  by: string;
};

/** `refused` carries a stable code for the API, and words for people. */
export type CommandResult =
  | { ok: true }
  | { ok: false; code: 'unknown-agent' | 'phone-unreachable' | 'not-allowed'; message: string };
