import type { EventOf } from '../events/events.ts';
import type { AgentId, CallId, LegId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { LegEndReason, ReleaseParty } from '../events/vocabulary.ts';

/** One agent speaking with one caller, wrap-up included, as the view `agent_conversation` shows it. */
export type Conversation = {
  /** The agent's leg: every conversation has its own. */
  agentLegId: LegId;
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  agent: AgentId;
  /** When the visit entered its queue: the cohort that the conversation counts for. */
  queuedAt: Instant;
  answeredAt: Instant;
  waitMs: number;
  ringMs: number;
  endedAt: Instant | null;
  talkMs: number | null;
  holdMs: number | null;
  releasedBy: ReleaseParty | null;
  cause: LegEndReason | null;
  wrapUpMs: number | null;
  /** talk + hold + wrap-up, known when the wrap-up is over. */
  handleMs: number | null;
};

/** `queuedAt`: when the visit that led to this conversation began. */
export function openConversation(event: EventOf<'CallConnected'>, queuedAt: Instant): Conversation {
  return {
    agentLegId: event.agentLegId,
    callId: event.callId,
    visitId: event.visitId,
    queue: event.queue,
    agent: event.agent,
    queuedAt,
    answeredAt: event.at,
    waitMs: event.waitMs,
    ringMs: event.ringMs,
    endedAt: null,
    talkMs: null,
    holdMs: null,
    releasedBy: null,
    cause: null,
    wrapUpMs: null,
    handleMs: null,
  };
}

/** Adds the end of the conversation, or of its wrap-up. */
export function foldConversation(
  conversation: Conversation,
  event: EventOf<'ConversationEnded'> | EventOf<'WrapUpEnded'>,
): Conversation {
  switch (event.type) {
    case 'ConversationEnded':
      return {
        ...conversation,
        endedAt: event.at,
        talkMs: event.talkMs,
        holdMs: event.holdMs,
        releasedBy: event.releasedBy,
        cause: event.cause,
      };
    case 'WrapUpEnded':
      return { ...conversation, wrapUpMs: event.wrapUpMs, handleMs: event.handleMs };
    default:
      event satisfies never;
      return conversation;
  }
}

/**
 * The conversation that a `WrapUpEnded` closes: that agent's newest one of the call still without a wrap-up.
 * The event names no leg, because an agent wraps up one conversation at a time.
 */
export function conversationToWrapUp(
  conversations: Iterable<Conversation>,
  event: EventOf<'WrapUpEnded'>,
): Conversation | null {
  let newest: Conversation | null = null;
  for (const one of conversations) {
    if (one.callId !== event.callId || one.agent !== event.agent || one.wrapUpMs !== null) continue;
    if (newest === null || one.answeredAt >= newest.answeredAt) newest = one;
  }
  return newest;
}
