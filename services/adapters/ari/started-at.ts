import { type Instant, instant } from '../../events/instant.ts';
import type { AriClient } from './client.ts';
import type { Log } from './log.ts';

/** When this Asterisk was started: whatever channel is older belonged to one that died. null when it does not say. */
export async function startedAt(client: AriClient, log: Log): Promise<Instant | null> {
  try {
    const { status } = await client.call('asterisk.getInfo', { only: 'status' });
    const at = Date.parse(status?.startup_time ?? '');
    return Number.isNaN(at) ? null : instant(at);
  } catch (error) {
    // Legs that died with another Asterisk are then ended when we notice, as before.
    log.warn({ err: error }, 'Asterisk does not say when it was started');
    return null;
  }
}
