import { callOfRecord } from '../../cdr/fold-call-record.ts';
import type { Ledger } from '../../cdr/ledger.ts';
import { type PastPiece, pastPieceOf } from '../../cdr/splice-interval.ts';
import type { HotlineEvent } from '../../events/events.ts';
import type { Db } from './connect.ts';
import { loadOpenIntervals, loadPast, saveIntervals } from './interval-store.ts';
import { toCallRecordFold, toConversation, toVisit } from './rows.ts';
import {
  callRow,
  callTarget,
  conversationRow,
  conversationTarget,
  visitRow,
  visitTarget,
} from './targets.ts';
import { upsert } from './upsert.ts';

/**
 * What the events continue lies at most this far back, nearly always: so only the newest partitions are searched.
 * What is not found there is searched for everywhere.
 */
const RECENT_MS = 2 * 24 * 3_600_000;

/** Loads the entries that these events continue: calls, visits, conversations and agents' states that are there already. */
export async function loadLedger(db: Db, events: readonly HotlineEvent[]): Promise<Ledger> {
  const wanted = namesIn(events);
  const since = new Date(Math.min(...events.map((event) => event.at)) - RECENT_MS);
  const calls = await load(wanted.calls, since, (ids, from) => loadCalls(db, ids, from), wanted.arrived);
  const visits = await load(wanted.visits, since, (ids, from) => loadVisits(db, ids, from));
  const conversations = await load(wanted.callsTalkedIn, since, (ids, from) =>
    loadConversations(db, ids, from),
  );
  return {
    calls: new Map(calls.map((one) => [one.callId, one])),
    visits: new Map(visits.map((one) => [one.visitId, one])),
    conversations: new Map(conversations.map((one) => [one.agentLegId, one])),
    openIntervals: new Map((await loadOpenIntervals(db, [...wanted.agents])).map((one) => [one.agent, one])),
    closedIntervals: await loadPast(db, wanted.past),
  };
}

/** Writes the entries that differ. `after` was made from `before` by `foldLedger`, which keeps what did not change. */
export async function saveChanges(db: Db, before: Ledger, after: Ledger): Promise<void> {
  await upsert(db, callTarget, changed(before.calls, after.calls).map(callRow), 'replace');
  await upsert(db, visitTarget, changed(before.visits, after.visits).map(visitRow), 'replace');
  const conversations = changed(before.conversations, after.conversations);
  await upsert(db, conversationTarget, conversations.map(conversationRow), 'replace');
  await saveIntervals(db, before, after);
}

function changed<Id, Entry>(before: ReadonlyMap<Id, Entry>, after: ReadonlyMap<Id, Entry>): Entry[] {
  return [...after].filter(([id, entry]) => before.get(id) !== entry).map(([, entry]) => entry);
}

type Names = {
  calls: Set<string>;
  /** Told of as new: there already only if another controller told of their arrival, which is not long ago. */
  arrived: Set<string>;
  visits: Set<string>;
  callsTalkedIn: Set<string>;
  agents: Set<string>;
  /** Times of which agents' pasts are told anew. */
  past: PastPiece[];
};

/** What the events continue; what begins among them is not looked for, but for calls. */
function namesIn(events: readonly HotlineEvent[]): Names {
  const names: Names = {
    calls: new Set(),
    arrived: new Set(),
    visits: new Set(),
    callsTalkedIn: new Set(),
    agents: new Set(),
    past: [],
  };
  const begun = new Set<string>();
  for (const event of events) {
    const callId = callOfRecord(event);
    if (event.type === 'CallArrived') {
      begun.add(event.callId);
      names.arrived.add(event.callId);
    } else if (callId !== null && !begun.has(callId)) names.calls.add(callId);

    if (event.type === 'CallQueued') begun.add(event.visitId);
    else if (event.type === 'VisitEnded' || event.type === 'CallConnected') {
      if (!begun.has(event.visitId)) names.visits.add(event.visitId);
    }
    // The end of a wrap-up does not name the conversation, only the call and the agent.
    if (event.type === 'CallConnected') begun.add(event.agentLegId).add(`${event.callId} ${event.agent}`);
    else if (event.type === 'ConversationEnded' && !begun.has(event.agentLegId)) {
      names.callsTalkedIn.add(event.callId);
    } else if (event.type === 'WrapUpEnded' && !begun.has(`${event.callId} ${event.agent}`)) {
      names.callsTalkedIn.add(event.callId);
    }
    if (event.type === 'AgentStateChanged') names.agents.add(event.agent);
    const piece = pastPieceOf(event);
    if (piece !== null) {
      names.agents.add(piece.agent);
      names.past.push(piece);
    }
  }
  return names;
}

type Found<Entry> = { id: string; entry: Entry };

async function load<Entry>(
  ids: ReadonlySet<string>,
  since: Date,
  find: (ids: string[], from: Date | null) => Promise<Found<Entry>[]>,
  onlyRecent: ReadonlySet<string> = new Set(),
): Promise<Entry[]> {
  if (ids.size + onlyRecent.size === 0) return [];
  const recent = await find([...new Set([...ids, ...onlyRecent])], since);
  const found = new Set(recent.map(({ id }) => id));
  const missing = [...ids].filter((id) => !found.has(id));
  const older = missing.length > 0 ? await find(missing, null) : [];
  return [...recent, ...older].map(({ entry }) => entry);
}

async function loadCalls(db: Db, ids: string[], from: Date | null) {
  const rows = await db
    .selectFrom('call')
    .selectAll()
    .where('call_id', '=', (it) => it.fn.any(it.val(ids)))
    .$if(from !== null, (query) => query.where('started_at', '>=', from ?? new Date(0)))
    .execute();
  return rows.map((row) => ({ id: row.call_id, entry: toCallRecordFold(row) }));
}

async function loadVisits(db: Db, ids: string[], from: Date | null) {
  const rows = await db
    .selectFrom('visit')
    .selectAll()
    .where('visit_id', '=', (it) => it.fn.any(it.val(ids)))
    .$if(from !== null, (query) => query.where('queued_at', '>=', from ?? new Date(0)))
    .execute();
  return rows.map((row) => ({ id: row.visit_id, entry: toVisit(row) }));
}

/** By call, as the end of a wrap-up does not name the conversation. */
async function loadConversations(db: Db, callIds: string[], from: Date | null) {
  const rows = await db
    .selectFrom('conversation')
    .selectAll()
    .where('call_id', '=', (it) => it.fn.any(it.val(callIds)))
    .$if(from !== null, (query) => query.where('queued_at', '>=', from ?? new Date(0)))
    .execute();
  return rows.map((row) => ({ id: row.call_id, entry: toConversation(row) }));
}
