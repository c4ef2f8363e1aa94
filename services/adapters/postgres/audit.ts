import { toIso } from '../../events/instant.ts';
import type { AuditEntry, AuditPort } from '../../runtime/people-port.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';

/** Keeps who looked at what is normally hidden. Entries can't be changed or deleted (a trigger refuses). */
export function createAudit({ db, where }: Postgres): AuditPort {
  return {
    record: (entry) =>
      named(where, 'Writing an audit entry', async () => {
        await db.insertInto('audit_entry').values(auditRow(entry)).execute();
      }),
  };
}

export const auditRow = ({ at, user, role, action, resource, reason, address }: AuditEntry) => ({
  at: toIso(at),
  user_name: user,
  role,
  action,
  resource,
  reason,
  address,
});
