import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EventOf, HotlineEvent } from '../../services/events/events.ts';
import { asId, type RecordingId, type TaskId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import type {
  AuditEntry,
  AuditPort,
  AuthPort,
  CallsQuery,
  RecordsPort,
} from '../../services/runtime/people-port.ts';
import type { TasksPort, TasksQuery } from '../../services/runtime/tasks-port.ts';
import { historyOf, type VisitPlan } from '../support/histories.ts';

/** Who may sign in is the same behind every store: 1001, lead and admin. */
export type Store = { auth: AuthPort; tasks: TasksPort; audit: AuditPort; records: RecordsPort };

export type StoreRig = Store & {
  passwordOf(user: '1001' | 'lead'): string;
  /** Keeps what these events tell. */
  happens(events: readonly HotlineEvent[]): Promise<void>;
  /** Who did what to what, as the audit has it. */
  audited(): Promise<{ user: string; action: string; resource: string }[]>;
  close(): Promise<void>;
};

/** What the screens and the API go by, of every store behind them. Run on the fake and on Postgres. */
export function storeContract(
  name: string,
  open: () => Promise<{ fresh(): Promise<StoreRig>; close(): Promise<void> }>,
): void {
  describe(name, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let rig: StoreRig;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    beforeEach(async () => {
      rig = await opened.fresh();
      return () => rig.close();
    });
    const taskIds = async (query: Partial<TasksQuery> = {}): Promise<TaskId[]> =>
      (await rig.tasks.list({ ...anyTask, ...query })).map(({ taskId }) => taskId);
    const callIds = async (query: Partial<CallsQuery> = {}): Promise<string[]> =>
      (await rig.records.listCalls({ ...anyCall, ...query })).map(({ callId }) => callId);

    test('the right password names the person; a wrong one, an empty one and an unknown user do not', async () => {
      expect(await rig.auth.verifyPassword('1001', rig.passwordOf('1001'))).toMatchObject({
        user: '1001',
        role: 'agent',
        agent: '1001',
      });
      expect(await rig.auth.verifyPassword('lead', rig.passwordOf('lead'))).toMatchObject({
        role: 'lead',
        agent: null,
      });
      for (const [user, password] of [
        ['1001', rig.passwordOf('lead')],
        ['1001', ''],
        ['nobody', rig.passwordOf('1001')],
        ['__proto__', ''],
      ] as const)
        expect(await rig.auth.verifyPassword(user, password), user).toBeNull();
    });

    test('a token finds its person until it expires or is signed out, which may be asked twice', async () => {
      await rig.auth.createSession('token', '1001', now, later(10));
      expect(await rig.auth.findSession('token', later(9))).toMatchObject({
        person: { user: '1001', agent: '1001' },
        expiresAt: later(10),
      });
      expect(await rig.auth.findSession('token', later(10))).toBeNull();
      expect(await rig.auth.findSession('tokens', now)).toBeNull();
      await rig.auth.deleteSession('token');
      await rig.auth.deleteSession('token');
      expect(await rig.auth.findSession('token', now)).toBeNull();
    });

    test('open tasks come oldest first, others newest first, by id at the same moment; each page is behind the one before', async () => {
      const other = { kind: 'callback-failed', queue: asId<never>('telecom-service'), agent: null } as const;
      await rig.happens([
        taskOpened(1),
        taskOpened(2, other),
        taskOpened(4),
        taskOpened(3, { at: later(4) }),
      ]);
      expect(await taskIds({ state: 'open' })).toEqual(['task-1', 'task-2', 'task-3', 'task-4']);
      expect(await taskIds()).toEqual(['task-4', 'task-3', 'task-2', 'task-1']);
      const after = { openedAt: later(4), taskId: asId<TaskId>('task-3') };
      expect(await taskIds({ state: 'open', after })).toEqual(['task-4']);
      expect(await taskIds({ after })).toEqual(['task-2', 'task-1']);
      expect(await taskIds({ state: 'open', limit: 2 })).toEqual(['task-1', 'task-2']);
      expect(await taskIds({ kind: 'callback-failed' })).toEqual(['task-2']);
      expect(await taskIds({ queue: asId('telecom-service') })).toEqual(['task-2']);
      expect(await taskIds({ assignedTo: '1002' })).toEqual([]);
    });

    test('a task changes in what is said alone, and is audited; one that is not there is not', async () => {
      await rig.happens([taskOpened(1), taskOpened(2)]);
      expect(await rig.tasks.change(asId('task-9'), { done: true }, changes('lead'))).toBeNull();
      expect(await rig.audited()).toEqual([]);
      await rig.tasks.change(asId('task-1'), { assignedTo: '1001', note: '已致歉' }, changes('lead'));
      const done = await rig.tasks.change(asId('task-1'), { done: true }, changes('admin'));
      expect(done).toMatchObject({ assignedTo: '1001', note: '已致歉', doneAt: now, doneBy: 'admin' });
      expect(await rig.tasks.one(asId('task-1'))).toEqual(done);
      expect(await taskIds({ state: 'open' })).toEqual(['task-2']);
      expect(await taskIds({ state: 'done' })).toEqual(['task-1']);
      const reopened = await rig.tasks.change(asId('task-1'), { done: false }, changes('lead'));
      expect(reopened).toMatchObject({ doneAt: null, doneBy: null, note: '已致歉' });
      expect((await rig.audited()).map(({ user }) => user)).toEqual(['lead', 'admin', 'lead']);
      expect(await rig.tasks.one(asId('task-9'))).toBeNull();
    });

    test('a message may be heard by whom its task is given to; the recording of a call is no other task’s', async () => {
      const [arrived] = historyOf([
        { call: 'n1-1.9', arrivedAt: now, callerNumber: '13800138000', visits: [] },
      ]);
      if (arrived?.type !== 'CallArrived') throw new Error('a call begins with its arrival');
      const { callId } = arrived;
      const recording = asId<RecordingId>('recording-a1-7');
      const left: EventOf<'VoicemailEnded'> = {
        ...{ type: 'VoicemailEnded', eventId: asId('j-2'), seq: 2, at: later(9), callId },
        ...{ queue: asId('power-service'), result: 'kept', durationMs: 8000, recordingId: recording },
      };
      await rig.happens([
        { ...arrived, seq: 1 },
        left,
        taskOpened(3, { callId, kind: 'voicemail', agent: null }),
        taskOpened(4, { callId }),
      ]);
      expect(await rig.tasks.one(asId('task-3'))).toMatchObject({ recording });
      expect(await rig.tasks.one(asId('task-4'))).toMatchObject({ recording: null });
      expect(await rig.tasks.isToHear('1001', recording)).toBe(false);
      await rig.tasks.change(asId('task-4'), { assignedTo: '1002' }, changes('lead'));
      await rig.tasks.change(asId('task-3'), { assignedTo: '1001' }, changes('lead'));
      expect(await rig.tasks.isToHear('1001', recording)).toBe(true);
      expect(await rig.tasks.isToHear('1002', recording)).toBe(false);
    });

    test('calls come in the order asked for, page by page, and by every filter', async () => {
      await rig.happens(
        historyOf([
          { call: 'n1-1.1', arrivedAt: now, callerNumber: '13800000001', visits: [answeredBy('1001')] },
          { call: 'n1-1.2', arrivedAt: later(1), callerNumber: '13800000002', visits: [answeredBy('1002')] },
          { call: 'n1-1.3', arrivedAt: later(1), callerNumber: '13800000001', visits: [] },
        ]),
      );
      expect(await callIds()).toEqual(['n1-1.3', 'n1-1.2', 'n1-1.1']);
      expect(await callIds({ order: 'oldest-first', limit: 2 })).toEqual(['n1-1.1', 'n1-1.2']);
      const after = { startedAt: later(1), callId: asId<never>('n1-1.2') };
      expect(await callIds({ after })).toEqual(['n1-1.1']);
      expect(await callIds({ order: 'oldest-first', after })).toEqual(['n1-1.3']);
      expect(await callIds({ number: '13800000001' })).toEqual(['n1-1.3', 'n1-1.1']);
      expect(await callIds({ agent: asId('1002') })).toEqual(['n1-1.2']);
      expect(await callIds({ queue: asId('power-service'), outcome: 'answered' })).toHaveLength(2);
      expect(await callIds({ outcome: 'abandoned_in_ivr' })).toEqual(['n1-1.3']);
      expect(await callIds({ hotline: asId('10050') })).toEqual([]);
      expect(await callIds({ from: later(1) })).toEqual(['n1-1.3', 'n1-1.2']);
      expect(await callIds({ to: later(1) })).toEqual(['n1-1.1']);
      expect(await rig.records.callWithTimeline(asId('n1-9.9'))).toBeNull();
    });

    test('who looked at what is kept', async () => {
      await rig.audit.record({ ...changes('lead'), action: 'reveal-numbers', resource: 'calls/n1-1.1' });
      expect(await rig.audited()).toEqual([
        { user: 'lead', action: 'reveal-numbers', resource: 'calls/n1-1.1' },
      ]);
    });
  });
}

const now = instant(Date.parse('2026-03-02T12:00:00+08:00'));
const later = (seconds: number): Instant => instant(now + seconds * 1000);
const anyTask: TasksQuery = {
  ...{ state: null, kind: null, queue: null, assignedTo: null },
  ...{ after: null, limit: 100 },
};
const anyCall: CallsQuery = {
  ...{ from: null, to: null, number: null, agent: null, queue: null, hotline: null },
  ...{ outcome: null, order: 'newest-first', after: null, limit: 100 },
};

const taskOpened = (seq: number, more: Partial<EventOf<'TaskOpened'>> = {}): EventOf<'TaskOpened'> => ({
  ...{ type: 'TaskOpened', eventId: asId(`j-${seq}`), seq, at: later(seq), taskId: asId(`task-${seq}`) },
  ...{ kind: 'dissatisfied', callId: asId('n1-1.1'), hotline: asId('95598'), queue: asId('power-service') },
  ...{ agent: '1001', number: '13812341234', because: 'score 1' },
  ...more,
});

const changes = (user: 'lead' | 'admin'): AuditEntry => ({
  ...{ at: now, user, role: user, action: 'change-task', resource: 'tasks/task-1' },
  ...{ reason: 'done', address: '127.0.0.1' },
});

const answeredBy = (agent: string): VisitPlan => ({
  ...{ queue: 'power-service', beforeMs: 1000, waitMs: 2000, missedRings: [] },
  end: {
    ...{ kind: 'answered', agent, ringMs: 1000 },
    ...{ talk: { talkMs: 5000, holdMs: 0 }, wrapUpMs: 1000 },
  },
});
