import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { taskSchema, tasksPageSchema } from '../../../services/adapters/http/contract/index.ts';
import { instant } from '../../../services/events/instant.ts';
import { noon, task } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

const list = async (cookie: string, query = '') =>
  tasksPageSchema.parse(await (await http.get(`/api/v1/tasks${query}`, { cookie })).json());
const ids = async (cookie: string, query = '') =>
  (await list(cookie, query)).tasks.map(({ taskId }) => taskId);
const put = (cookie: string, id: string, json: unknown) =>
  http.send('PUT', `/api/v1/tasks/${id}`, { cookie, json });

describe('leads', () => {
  test('see all tasks, the oldest that is open first, numbers masked, also inside texts', async () => {
    http.people.state.tasks = [
      task('task-2', { openedAt: instant(noon - 60_000), because: '13812341234 was not reached' }),
      task('task-1', { kind: 'voicemail', number: 'alice' }),
      task('task-0', { doneAt: noon, doneBy: 'lead' }),
    ];
    const cookie = await http.signIn('lead');
    expect(await ids(cookie, '?state=open')).toEqual(['task-1', 'task-2']);
    expect(await ids(cookie, '?state=done')).toEqual(['task-0']);
    expect(await ids(cookie, '?kind=voicemail')).toEqual(['task-1']);
    const { tasks } = await list(cookie, '?state=open');
    expect(tasks.map(({ number, because }) => [number, because])).toEqual([
      ['a***', 'score 1'],
      ['138****1234', '138****1234 was not reached'],
    ]);
  });

  test('turn pages', async () => {
    http.people.state.tasks = Array.from({ length: 5 }, (_, i) =>
      task(`task-${i}`, { openedAt: instant(noon + i) }),
    );
    const cookie = await http.signIn('lead');
    const seen: string[] = [];
    let query = '?state=open&limit=2';
    for (;;) {
      const page = await list(cookie, query);
      seen.push(...page.tasks.map(({ taskId }) => taskId));
      if (page.nextCursor === null) break;
      query = `?state=open&limit=2&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(['task-0', 'task-1', 'task-2', 'task-3', 'task-4']);
    const wrong = await problemOf(await http.get('/api/v1/tasks?cursor=nonsense', { cookie }));
    expect(wrong.code).toBe('invalid-query');
  });

  test('see the whole number with a reason, and that is kept', async () => {
    http.people.state.tasks = [task('task-1')];
    const cookie = await http.signIn('lead');
    const read = async (query: string) =>
      taskSchema.parse(await (await http.get(`/api/v1/tasks/task-1${query}`, { cookie })).json());
    expect((await read('')).number).toBe('138****1234');
    expect(http.people.audited).toEqual([]);
    expect((await read('?reveal=numbers&reason=call%20back')).number).toBe('13812341234');
    expect(http.people.audited).toMatchObject([
      { user: 'lead', action: 'reveal-numbers', resource: 'tasks/task-1', reason: 'call back' },
    ]);
  });

  test('give a task to someone, and say that it is done: both are kept with who did it', async () => {
    http.people.state.tasks = [task('task-1')];
    const cookie = await http.signIn('lead');
    const given = taskSchema.parse(await (await put(cookie, 'task-1', { assignedTo: '1001' })).json());
    expect(given).toMatchObject({ assignedTo: '1001', doneAt: null, number: '138****1234' });
    const done = taskSchema.parse(
      await (await put(cookie, 'task-1', { state: 'done', note: '已致歉' })).json(),
    );
    expect(done).toMatchObject({ doneAt: noon, doneBy: 'lead', note: '已致歉', assignedTo: '1001' });
    expect(http.people.audited.map(({ action, reason }) => [action, reason])).toEqual([
      ['change-task', 'given to 1001'],
      ['change-task', 'done, note'],
    ]);
    expect(taskSchema.parse(await (await put(cookie, 'task-1', { state: 'open' })).json())).toMatchObject({
      doneAt: null,
      doneBy: null,
    });
  });

  test.each([
    [{}, 'invalid-body'],
    [{ state: 'gone' }, 'invalid-body'],
    [{ assignedTo: 'nobody-here' }, 'invalid-body'],
    [{ note: 'two\nlines' }, 'invalid-body'],
    [{ note: 'x'.repeat(501) }, 'invalid-body'],
    [{ number: '10086' }, 'invalid-body'],
  ])('cannot make %j of it', async (change, code) => {
    http.people.state.tasks = [task('task-1')];
    const cookie = await http.signIn('lead');
    expect((await problemOf(await put(cookie, 'task-1', change))).code).toBe(code);
    expect(http.people.state.tasks).toEqual([task('task-1')]);
  });

  test('are told that there is no such task', async () => {
    const cookie = await http.signIn('lead');
    expect((await problemOf(await http.get('/api/v1/tasks/task-9', { cookie }))).code).toBe('unknown-task');
    expect((await problemOf(await put(cookie, 'task-9', { state: 'done' }))).code).toBe('unknown-task');
  });
});

describe('agents', () => {
  beforeEach(() => {
    http.people.state.tasks = [
      task('task-own', { assignedTo: '1001' }),
      task('task-free'),
      task('task-other', { assignedTo: '1002' }),
    ];
  });

  test('see and do what is given to them, and can see whom to call', async () => {
    const cookie = await http.signIn('1001');
    expect(await ids(cookie)).toEqual(['task-own']);
    const whole = await http.get('/api/v1/tasks/task-own?reveal=numbers&reason=call%20back', { cookie });
    expect(taskSchema.parse(await whole.json()).number).toBe('13812341234');
    expect(http.people.audited).toMatchObject([{ user: '1001', action: 'reveal-numbers' }]);
    expect((await put(cookie, 'task-own', { state: 'done' })).status).toBe(200);
  });

  test('know nothing of others, and give nothing out', async () => {
    const cookie = await http.signIn('1001');
    for (const id of ['task-free', 'task-other', 'task-none']) {
      expect((await problemOf(await http.get(`/api/v1/tasks/${id}`, { cookie }))).code).toBe('unknown-task');
      const look = await http.get(`/api/v1/tasks/${id}?reveal=numbers&reason=curious`, { cookie });
      expect((await problemOf(look)).code).toBe('unknown-task');
      expect((await problemOf(await put(cookie, id, { state: 'done' }))).code).toBe('unknown-task');
    }
    expect((await problemOf(await put(cookie, 'task-own', { assignedTo: '1002' }))).code).toBe('not-allowed');
    const others = await http.get('/api/v1/tasks?assignedTo=1002', { cookie });
    expect((await problemOf(others)).code).toBe('not-allowed');
    expect(http.people.audited).toEqual([]);
  });
});

test('nobody without signing in; and while Postgres is away it says so', async () => {
  expect((await problemOf(await http.get('/api/v1/tasks'))).code).toBe('not-signed-in');
  const cookie = await http.signIn('lead');
  http.people.state.mode = 'away';
  expect((await problemOf(await http.get('/api/v1/tasks', { cookie }))).code).toBe('store-unavailable');
});
