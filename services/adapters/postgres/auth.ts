import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { StaffUserTable } from '../../../db/schema.ts';
import { asId } from '../../events/ids.ts';
import { toIso } from '../../events/instant.ts';
import type { AuthPort, Person } from '../../runtime/people-port.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';
import { verifyPassword } from './passwords.ts';
import { toInstant } from './rows.ts';

/** More sign-ins of one person than this end the oldest: the table stays bounded whatever a script does. */
const SESSIONS_PER_USER = 50;

/** Who people are, and their sign-ins. A person who is removed, or whose password changes, is signed out everywhere. */
export function createAuth({ db, where }: Postgres): AuthPort {
  return {
    verifyPassword: async (user, password) => {
      const row = await named(where, 'Looking a user up', () =>
        db.selectFrom('staff_user').selectAll().where('user_name', '=', user).executeTakeFirst(),
      );
      const right = await verifyPassword(password, row?.password_hash ?? null);
      return right && row ? toPerson(row) : null;
    },

    createSession: (token, user, now, expiresAt) =>
      named(where, 'Signing in', async () => {
        const mine = db
          .selectFrom('session')
          .select('token_hash')
          .where('user_name', '=', user)
          .orderBy('created_at', 'desc')
          .orderBy('token_hash')
          .offset(SESSIONS_PER_USER - 1);
        // One statement, as one round trip: a person waits for it, also when the database is slow.
        await db
          .with('expired', (it) => it.deleteFrom('session').where('expires_at', '<=', new Date(now)))
          .with('oldest', (it) => it.deleteFrom('session').where('token_hash', 'in', mine))
          .insertInto('session')
          .values({
            token_hash: hashToken(token),
            user_name: user,
            created_at: toIso(now),
            expires_at: toIso(expiresAt),
          })
          .execute();
      }),

    findSession: (token, now) =>
      named(where, 'Looking a session up', async () => {
        const row = await db
          .selectFrom('session')
          .innerJoin('staff_user', 'staff_user.user_name', 'session.user_name')
          .selectAll('staff_user')
          .select('session.expires_at')
          .where('session.token_hash', '=', hashToken(token))
          .where('session.expires_at', '>', new Date(now))
          .executeTakeFirst();
        return row ? { person: toPerson(row), expiresAt: toInstant(row.expires_at) } : null;
      }),

    deleteSession: (token) =>
      named(where, 'Signing out', async () => {
        await db.deleteFrom('session').where('token_hash', '=', hashToken(token)).execute();
      }),
  };
}

/** A token is 256 random bits: a fast hash is enough, as there is nothing to guess. */
const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

const toPerson = (row: Selectable<StaffUserTable>): Person => ({
  user: row.user_name,
  name: row.name,
  role: row.role,
  agent: row.agent === null ? null : asId(row.agent),
});
