import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, createHistory, migrate, type Postgres } from '../../services/adapters/postgres/index.ts';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import type { AgentStateChanged, EventBody, HotlineEvent } from '../../services/events/events.ts';
import { type AgentId, asId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { numbered } from '../support/histories.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';

const nine = Date.parse('2026-03-31T23:00:00Z');
let server: TestPostgres;
let url: string;
let postgres: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  await migrate(url, instant(nine));
  postgres = connect(url);
});
afterAll(async () => {
  await postgres?.close();
  await server?.stop();
});

type Said = { at: number; body: EventBody; witness?: 'cel' };
const state = (
  at: number,
  agent: string,
  name: AgentStateChanged['state'],
  callId: string | null = null,
): Said => ({
  at,
  body: {
    type: 'AgentStateChanged',
    agent: asId<AgentId>(agent),
    state: name,
    reason: null,
    callId: callId === null ? null : asId(callId),
    intent: { kind: 'ready' },
    devices: ['sip'],
    work: { kind: 'none' },
    missedRings: 0,
    because: 'told so',
  },
});
/** Asterisk's account tells of a conversation, and of the ring before it. */
const told = (agent: string, callId: string, from: number, to: number): Said[] => {
  const shared = {
    callId: asId<never>(callId),
    visitId: asId<never>(`${callId}-f1`),
    queue: asId<never>('q'),
  };
  const leg = asId<never>(`${callId}-leg`);
  return [
    {
      at: from,
      witness: 'cel',
      body: {
        ...shared,
        type: 'AgentRingEnded',
        agent: asId(agent),
        legId: leg,
        result: 'answered',
        ringMs: 3_000,
      },
    },
    {
      at: to,
      witness: 'cel',
      body: {
        ...shared,
        type: 'ConversationEnded',
        agent: asId(agent),
        agentLegId: leg,
        talkMs: to - from,
        holdMs: 0,
        releasedBy: 'caller',
        cause: 'normal',
      },
    },
  ];
};
const events = (said: readonly Said[]): HotlineEvent[] =>
  numbered(said.map(({ at, body }) => ({ at: instant(nine + at), body }))).map((event, i) => ({
    ...event,
    ...(said[i]?.witness && { witness: said[i].witness }),
  }));

test('conversations told afterwards are put between the states that are stored, however the events are cut into batches', async () => {
  const day = 24 * 3_600_000;
  const history = events([
    // Signed in long before, in the month before.
    state(0, '1001', 'available'),
    state(0, '1002', 'available'),
    state(5_000, '1002', 'on-call', 'live'),
    state(60_000, '1002', 'available'),
    state(3 * day, '1002', 'signed-out'),
    ...told('1001', 'c1', day, day + 60_000),
    ...told('1002', 'c2', day, day + 60_000),
    state(3 * day + 1_000, '1001', 'unreachable'),
    state(3 * day + 9_000, '1001', 'available'),
    ...told('1001', 'c3', 3 * day, 3 * day + 9_500),
    ...told('1001', 'c4', day + 30 * 60_000, day + 31 * 60_000),
    state(4 * day, '1001', 'signed-out'),
  ]);
  const ledger = foldLedger(emptyLedger(), history);
  const folded = [...ledger.closedIntervals, ...ledger.openIntervals.values()]
    .map((one) => ({
      agent: one.agent,
      state: one.state,
      call_id: one.callId,
      started_at: new Date(one.startedAt),
      ended_at: one.endedAt === null ? null : new Date(one.endedAt),
    }))
    .sort((a, b) => a.agent.localeCompare(b.agent) || a.started_at.getTime() - b.started_at.getTime());
  expect(folded.filter(({ agent }) => agent === '1001')).toHaveLength(11);
  for (const size of [1, 3, history.length]) {
    await command(url, 'truncate hotline.agent_interval, hotline.event');
    await command(url, 'truncate hotline.journal_position');
    const store = createHistory(postgres);
    for (let at = 0; at < history.length; at += size) await store.write('j', history.slice(at, at + size));
    const rows = await command(
      url,
      'select agent, state, call_id, started_at, ended_at from agent_state_interval order by agent, started_at',
    );
    expect(rows, `in batches of ${size}`).toEqual(folded);
    const overlapping = await command(
      url,
      `select a.agent from agent_state_interval a join agent_state_interval b
          on a.agent = b.agent and a.started_at < b.started_at and coalesce(a.ended_at, 'infinity') > b.started_at`,
    );
    expect(overlapping).toEqual([]);
  }
});
