import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  connect,
  createAudit,
  createAuth,
  migrate,
  type Postgres,
  syncCentre,
  syncUsers,
} from '../../services/adapters/postgres/index.ts';
import { instant } from '../../services/events/instant.ts';
import type { AuthPort } from '../../services/runtime/people-port.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { queueDefinition, smallCentre } from '../support/small-centre.ts';

const now = instant(Date.parse('2026-03-02T12:00:00+08:00'));
const later = (ms: number) => instant(now + ms);
const hour = 3_600_000;
const credentials = { admin: 'admin-word', lead: 'lead-word', 1001: 'word-1001', 1002: 'word-1002' };

let server: TestPostgres;
let template: string;
beforeAll(async () => {
  server = await startPostgres();
  template = await server.createDatabase();
  await migrate(template, now);
});
afterAll(() => server.stop());

let url: string;
let postgres: Postgres;
let auth: AuthPort;
beforeEach(async () => {
  url = await server.createDatabase(template);
  postgres = connect(url);
  auth = createAuth(postgres);
  await syncUsers(postgres, smallCentre(), credentials);
});
afterEach(() => postgres.close());

describe('passwords', () => {
  test('the right password names the person; the wrong one, an unknown user and an empty one do not', async () => {
    expect(await auth.verifyPassword('1001', 'word-1001')).toEqual({
      user: '1001',
      name: 'Agent 1001',
      role: 'agent',
      agent: '1001',
    });
    expect(await auth.verifyPassword('lead', 'lead-word')).toMatchObject({ role: 'lead', agent: null });
    expect(await auth.verifyPassword('1001', 'word-1002')).toBeNull();
    expect(await auth.verifyPassword('1001', '')).toBeNull();
    expect(await auth.verifyPassword('nobody', 'word-1001')).toBeNull();
    expect(await auth.verifyPassword(`1001' or true --`, 'word-1001')).toBeNull();
  });

  test('only Argon2id hashes with salts of their own are stored', async () => {
    const rows = await command(url, 'select password_hash from hotline.staff_user');
    const hashes = rows.map((row) => String(row.password_hash));
    expect(hashes).toHaveLength(4);
    for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$.{22}\$.{43}$/);
    expect(new Set(hashes.map((hash) => hash.split('$')[4])).size).toBe(4);
  });

  test('many at once are all answered, each for itself', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        auth.verifyPassword('1001', index % 2 ? 'word-1001' : 'wrong'),
      ),
    );
    expect(answers.map((person) => person?.user ?? null)).toEqual(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? '1001' : null)),
    );
  });
});

describe('users follow the centre and the credentials', () => {
  test('nothing changed: nothing is done', async () => {
    expect(await syncUsers(postgres, smallCentre(), credentials)).toEqual({
      added: [],
      changed: [],
      removed: [],
      withoutPassword: [],
    });
  });

  test('a changed password ends the sessions of that user only', async () => {
    await auth.createSession('t1', '1001', now, later(hour));
    await auth.createSession('t2', '1002', now, later(hour));
    const report = await syncUsers(postgres, smallCentre(), { ...credentials, 1001: 'new-word' });
    expect(report).toMatchObject({ added: [], changed: ['1001'], removed: [] });
    expect(await auth.findSession('t1', now)).toBeNull();
    expect(await auth.findSession('t2', now)).not.toBeNull();
    expect(await auth.verifyPassword('1001', 'word-1001')).toBeNull();
    expect(await auth.verifyPassword('1001', 'new-word')).not.toBeNull();
  });

  test('who is not in the centre any more is removed and signed out; who has no password is named', async () => {
    await auth.createSession('t1', 'lead', now, later(hour));
    const report = await syncUsers(postgres, { ...smallCentre(), users: [] }, { 1001: 'word-1001' });
    expect(report.removed.toSorted()).toEqual(['1002', 'admin', 'lead']);
    expect(report.withoutPassword).toEqual(['1002']);
    expect(await auth.findSession('t1', now)).toBeNull();
  });
});

describe('sessions', () => {
  test('a token finds its person until it expires or is signed out; nobody finds the token in the database', async () => {
    const token = randomBytes(32).toString('base64url');
    await auth.createSession(token, '1001', now, later(hour));
    expect(await auth.findSession(token, later(hour - 1))).toEqual({
      person: { user: '1001', name: 'Agent 1001', role: 'agent', agent: '1001' },
      expiresAt: later(hour),
    });
    expect(await auth.findSession(token, later(hour))).toBeNull();
    expect(await auth.findSession(`${token}x`, now)).toBeNull();
    expect(JSON.stringify(await command(url, 'select * from hotline.session'))).not.toContain(token);
    await auth.deleteSession(token);
    await auth.deleteSession(token);
    expect(await auth.findSession(token, now)).toBeNull();
  });

  test('expired sessions go with the next sign-in, and one person has fifty at most', async () => {
    await auth.createSession('old', '1002', now, later(10));
    for (let index = 0; index < 52; index++) {
      await auth.createSession(`t${index}`, '1001', later(100 + index), later(hour));
    }
    expect(await auth.findSession('t1', later(200))).toBeNull();
    expect(await auth.findSession('t2', later(200))).not.toBeNull();
    expect(await command(url, 'select count(*)::int as n from hotline.session')).toEqual([{ n: 50 }]);
  });
});

test('audit entries are kept, and cannot be changed or removed', async () => {
  await createAudit(postgres).record({
    at: now,
    user: 'lead',
    role: 'lead',
    action: 'reveal-numbers',
    resource: 'calls/n1-1790000000.12',
    reason: 'caller asked for a copy',
    address: '127.0.0.1',
  });
  expect(await command(url, 'select user_name, reason from hotline.audit_entry')).toEqual([
    { user_name: 'lead', reason: 'caller asked for a copy' },
  ]);
  await expect(command(url, `update hotline.audit_entry set reason = ''`)).rejects.toThrow(/append-only/);
  await expect(command(url, 'delete from hotline.audit_entry')).rejects.toThrow(/append-only/);
});

test('the directory marks what is gone and takes it back; thresholds change from now on, not before', async () => {
  const both = smallCentre([queueDefinition('billing'), queueDefinition('faults')]);
  await syncCentre(postgres, both, now);
  await syncCentre(postgres, both, later(1));
  const changed = smallCentre([queueDefinition('billing', { serviceLevelThresholdMs: 20_000 })]);
  await syncCentre(postgres, changed, later(hour));
  const removed = () =>
    command(url, 'select queue, removed_at is not null as gone from hotline.queue order by 1');
  expect(await removed()).toEqual([
    { queue: 'billing', gone: false },
    { queue: 'faults', gone: true },
  ]);
  expect(
    await command(
      url,
      `select service_level_threshold_ms as t, valid_from = '-infinity' as first, valid_to = 'infinity' as in_force
         from hotline.queue_definition where queue = 'billing' order by valid_from`,
    ),
  ).toEqual([
    { t: 15_000, first: true, in_force: false },
    { t: 20_000, first: false, in_force: true },
  ]);
  await syncCentre(postgres, both, later(2 * hour));
  expect((await removed()).map((row) => row.gone)).toEqual([false, false]);
});
