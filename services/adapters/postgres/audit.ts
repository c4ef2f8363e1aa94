import { toIso } from '../../events/instant.ts';
import type { AuditPort } from '../../runtime/people-port.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';

/** Keeps who looked at what is normally hidden. Entries can't be changed or deleted (a trigger refuses). */
export function createAudit({ db, where }: Postgres): AuditPort {
  return {
    record: ({ at, user, role, action, resource, reason, address }) =>
      named(where, 'Writing an audit entry', async () => {
        await db
          .insertInto('audit_entry')
          .values({ at: toIso(at), user_name: user, role, action, resource, reason, address })
          .execute();
      }),
  };
}
