import type { LiveSnapshot } from '../../../services/adapters/http/contract/live.ts';
import type { StreamStatus } from './live-source.ts';

/** What of the page cannot be trusted now. */
export type StalePart = 'stream' | 'telephony' | 'node' | 'postgres';

/** The parts that are stale, the gravest first. Nothing is said before the first snapshot: the page itself waits then. */
export function stalePartsOf(
  snapshot: Pick<LiveSnapshot, 'parts' | 'nodes'> | null,
  phase: StreamStatus['phase'],
): StalePart[] {
  // While the stream is interrupted, what the last snapshot said of the other parts is stale too.
  if (phase === 'interrupted') return ['stream'];
  if (snapshot === null) return [];
  const stale: StalePart[] = [];
  if (snapshot.parts.telephony === 'down') stale.push('telephony');
  else if (snapshot.nodes.some((node) => !node.connected)) stale.push('node');
  if (snapshot.parts.postgres === 'down') stale.push('postgres');
  return stale;
}
