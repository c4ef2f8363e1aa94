import type { Centre } from '../../runtime/centre.ts';
import type { Person } from '../../runtime/people-port.ts';
import type { Db, Postgres } from './connect.ts';
import { named } from './errors.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

/** What `syncUsers` did. `withoutPassword`: people of the centre who can't sign in, as the credentials don't name them. */
export type UsersReport = {
  added: string[];
  changed: string[];
  removed: string[];
  withoutPassword: string[];
};

/**
 * Makes the people who may sign in those of the centre (agents, leads, administrators), with the passwords of
 * `credentials` (user → password). Who is not there any more is removed; a changed password or role ends that
 * person's sessions. Each password costs about 25 ms to check: call it beside the start, not before it.
 */
export async function syncUsers(
  { db, where }: Postgres,
  centre: Centre,
  credentials: Readonly<Record<string, string>>,
): Promise<UsersReport> {
  return named(where, 'Bringing the users up to date', async () => {
    const rows = await db.selectFrom('staff_user').selectAll().execute();
    const present = new Map(rows.map((row) => [row.user_name, row]));
    const report: UsersReport = { added: [], changed: [], removed: [], withoutPassword: [] };
    const wanted = peopleOf(centre);
    for (const person of wanted) {
      const password = credentials[person.user];
      if (password === undefined) report.withoutPassword.push(person.user);
    }
    const able = wanted.filter((person) => credentials[person.user] !== undefined);
    await Promise.all(
      able.map(async (person) => {
        const row = present.get(person.user);
        const password = credentials[person.user] ?? '';
        const same = row !== undefined && (await verifyPassword(password, row.password_hash));
        const hash = same ? row.password_hash : await hashPassword(password);
        if (same && row.name === person.name && row.role === person.role && row.agent === person.agent)
          return;
        await store(db, person, hash, !same || row.role !== person.role);
        (row === undefined ? report.added : report.changed).push(person.user);
      }),
    );
    const keep = new Set(able.map((person) => person.user));
    report.removed = [...present.keys()].filter((user) => !keep.has(user));
    if (report.removed.length > 0) {
      await db.deleteFrom('staff_user').where('user_name', 'in', report.removed).execute();
    }
    return report;
  });
}

/** Agents sign in with their number. A name that is both an agent's and a staff member's is the staff member's. */
function peopleOf(centre: Centre): Person[] {
  const people = new Map<string, Person>();
  for (const agent of centre.agents.values()) {
    people.set(agent.id, { user: agent.id, name: agent.name, role: 'agent', agent: agent.id });
  }
  for (const { user, name, role } of centre.users) people.set(user, { user, name, role, agent: null });
  return [...people.values()];
}

async function store(db: Db, person: Person, passwordHash: string, endSessions: boolean): Promise<void> {
  const { user, name, role, agent } = person;
  await db.transaction().execute(async (trx) => {
    const values = { name, role, agent, password_hash: passwordHash };
    await trx
      .insertInto('staff_user')
      .values({ user_name: user, ...values })
      .onConflict((it) => it.column('user_name').doUpdateSet(values))
      .execute();
    if (endSessions) await trx.deleteFrom('session').where('user_name', '=', user).execute();
  });
}
