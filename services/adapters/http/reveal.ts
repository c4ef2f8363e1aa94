import type { Request } from 'express';
import type { Instant } from '../../events/instant.ts';
import type { AuditPort } from '../../runtime/people-port.ts';
import type { Role } from './contract/common.ts';
import { fromStore } from './deadline.ts';
import { Refusal } from './errors.ts';
import type { NumberView } from './live-snapshot.ts';
import type { Visitor } from './sessions.ts';

export type Reveal = (
  call: {
    req: Request;
    visitor: Visitor;
    query: { reveal?: 'numbers' | undefined; reason?: string | undefined };
  },
  resource: string,
) => Promise<NumberView>;

/** Whether whole numbers may be shown. Leads and administrators only unless said otherwise, with a reason, and not before it is on record. */
export function createReveal(
  audit: AuditPort,
  now: () => Instant,
  limitMs: number,
  may: readonly Role[] = ['lead', 'admin'],
): Reveal {
  return async ({ req, visitor, query }, resource) => {
    if (query.reveal === undefined) return 'masked';
    const { user, role } = visitor.person;
    if (!may.includes(role)) {
      throw new Refusal('not-allowed', 'Only leads and administrators may see whole numbers.');
    }
    const entry = {
      at: now(),
      user,
      role,
      action: 'reveal-numbers',
      resource,
      reason: query.reason ?? '',
      address: req.ip ?? '',
    } as const;
    await fromStore(audit.record(entry), limitMs);
    return 'whole';
  };
}
