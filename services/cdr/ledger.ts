import type { HotlineEvent } from '../events/events.ts';
import type { AgentId, CallId, LegId, VisitId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import { type AgentIntervalFold, foldAgentInterval } from './fold-agent-interval.ts';
import { type CallRecordFold, callOfRecord, foldCallRecord } from './fold-call-record.ts';
import {
  type Conversation,
  conversationToWrapUp,
  foldConversation,
  openConversation,
} from './fold-conversation.ts';
import { foldVisit, type QueueVisitFold } from './fold-visit.ts';
import { type PastPiece, pastPieceOf, spliceInterval } from './splice-interval.ts';

/** Everything that is made of events and kept: calls, visits, conversations, and each agent's states. */
export type Ledger = {
  readonly calls: ReadonlyMap<CallId, CallRecordFold>;
  readonly visits: ReadonlyMap<VisitId, QueueVisitFold>;
  /** By the agent's leg. */
  readonly conversations: ReadonlyMap<LegId, Conversation>;
  /** The state each agent is in. */
  readonly openIntervals: ReadonlyMap<AgentId, AgentIntervalFold>;
  /** States that agents left. */
  readonly closedIntervals: readonly AgentIntervalFold[];
};

export const emptyLedger = (): Ledger => ({
  calls: new Map(),
  visits: new Map(),
  conversations: new Map(),
  openIntervals: new Map(),
  closedIntervals: [],
});

/**
 * Folds events, in their order, into a ledger that holds at least the entries they continue. The ledger given stays
 * as it is; entries that did not change are the same objects in the ledger returned.
 */
export function foldLedger(ledger: Ledger, events: readonly HotlineEvent[]): Ledger {
  const next: Writable = {
    calls: new Map(ledger.calls),
    visits: new Map(ledger.visits),
    conversations: new Map(ledger.conversations),
    openIntervals: new Map(ledger.openIntervals),
    closedIntervals: [...ledger.closedIntervals],
  };
  for (const event of events) {
    addToCall(next, event);
    addToOthers(next, event);
    const piece = pastPieceOf(event);
    if (piece !== null) addToPast(next, piece);
  }
  return next;
}

type Writable = {
  calls: Map<CallId, CallRecordFold>;
  visits: Map<VisitId, QueueVisitFold>;
  conversations: Map<LegId, Conversation>;
  openIntervals: Map<AgentId, AgentIntervalFold>;
  closedIntervals: AgentIntervalFold[];
};

function addToCall(ledger: Writable, event: HotlineEvent): void {
  const callId = callOfRecord(event);
  if (callId === null) return;
  const record = foldCallRecord(ledger.calls.get(callId) ?? null, event);
  if (record !== null) ledger.calls.set(callId, record);
}

function addToOthers(ledger: Writable, event: HotlineEvent): void {
  switch (event.type) {
    case 'CallQueued':
    case 'VisitEnded':
      // A customer whom we called back: the visit of their own is over, and they are no second one.
      if (event.callback !== undefined) return;
      ledger.visits.set(event.visitId, foldVisit(ledger.visits.get(event.visitId) ?? null, event));
      return;
    case 'CallConnected': {
      // A visit we were not given began its wait that long ago.
      const queuedAt =
        ledger.visits.get(event.visitId)?.queuedAt ?? event.queuedAt ?? after(event.at, -event.waitMs);
      ledger.conversations.set(event.agentLegId, openConversation(event, queuedAt));
      return;
    }
    case 'ConversationEnded': {
      const conversation = ledger.conversations.get(event.agentLegId);
      if (conversation) ledger.conversations.set(event.agentLegId, foldConversation(conversation, event));
      return;
    }
    case 'WrapUpEnded': {
      const conversation = conversationToWrapUp(ledger.conversations.values(), event);
      if (conversation) {
        ledger.conversations.set(conversation.agentLegId, foldConversation(conversation, event));
      }
      return;
    }
    case 'AgentStateChanged': {
      const { closed, open } = foldAgentInterval(ledger.openIntervals.get(event.agent) ?? null, event);
      if (closed) ledger.closedIntervals.push(closed);
      ledger.openIntervals.set(event.agent, open);
      return;
    }
    default:
  }
}

function addToPast(ledger: Writable, piece: PastPiece): void {
  const { agent } = piece;
  const open = ledger.openIntervals.get(agent);
  const [own, ofOthers] = [
    ledger.closedIntervals.filter((one) => one.agent === agent),
    ledger.closedIntervals.filter((one) => one.agent !== agent),
  ];
  const spliced = spliceInterval(open ? [...own, open] : own, piece);
  ledger.closedIntervals = [...ofOthers, ...spliced.filter(({ endedAt }) => endedAt !== null)];
  for (const one of spliced) if (one.endedAt === null) ledger.openIntervals.set(agent, one);
}
