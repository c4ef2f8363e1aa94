import { type Instant, instant } from '../../events/instant.ts';
import type { AmiConnection } from './connection.ts';
import { text } from './message.ts';

/**
 * When this Asterisk was started, to the second and not later than it was: whatever channel is older belonged to one that died.
 * null when it says nothing of use. Asterisk tells its machine's local time, which is ours: AMI is for this machine only.
 */
export async function startedAt(ami: Pick<AmiConnection, 'action'>): Promise<Instant | null> {
  const status = await ami.action({ action: 'CoreStatus' });
  const at = Date.parse(`${text(status, 'corestartupdate')}T${text(status, 'corestartuptime')}`);
  return Number.isNaN(at) ? null : instant(at);
}
