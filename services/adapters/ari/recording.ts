import type { LegId, RecordingId } from '../../events/ids.ts';
import type { TelephonyFact } from '../../runtime/telephony-port.ts';
import { AriError } from './errors.ts';
import type { LiveRecording } from './generated/ari.ts';
import type { Node } from './node.ts';
import { OrderFailure } from './order-failure.ts';
import type { Inventory } from './reconcile.ts';

type Finished = Extract<TelephonyFact, { kind: 'recording-finished' }>;

/** 16-bit mono at 8 kHz. */
const format = 'wav';
const bytesPerMs = 16;
const headerBytes = 44;

/** Beeps, and records what is said from then on, into a file that is named after the recording. */
export async function startRecording(
  node: Node,
  legId: LegId,
  order: { recordingId: RecordingId; maxMs: number; silenceMs: number },
): Promise<void> {
  if (!node.mayRecord()) throw new OrderFailure('refused', legId, 'there is no room for more recordings');
  await node.client.call('channels.record', {
    channelId: legId,
    name: order.recordingId,
    format,
    maxDurationSeconds: Math.ceil(order.maxMs / 1000),
    maxSilenceSeconds: Math.ceil(order.silenceMs / 1000),
    ifExists: 'fail',
    beep: true,
    terminateOn: '#',
  });
}

/** Ends a recording; of one that is over already, tells the end (again). */
export async function endRecording(node: Node, legId: LegId, recordingId: RecordingId): Promise<void> {
  try {
    await node.client.call('recordings.stop', { recordingName: recordingId });
  } catch (error) {
    if (!isMissing(error)) throw error;
    node.legs.get(legId)?.recordings.delete(recordingId);
    node.tell(await keptOf(node, legId, recordingId));
  }
}

/** What Asterisk says of a recording's end. Of one that is not ours, or told already: nothing. */
export function recordingEnded(node: Node, recording: LiveRecording): void {
  const leg = node.legs.get(/^channel:(.*)$/.exec(recording.target_uri)?.[1] ?? '');
  const recordingId = recording.name as RecordingId;
  if (!leg?.recordings.delete(recordingId)) return;
  const { duration = 0, talking_duration: sound, state } = recording;
  const ended = leg.leaving ? 'hung-up' : 'finished';
  node.tell({
    kind: 'recording-finished',
    recordingId,
    legId: leg.id,
    durationMs: Math.max(0, duration) * 1000,
    soundMs: sound === undefined || sound < 0 ? null : sound * 1000,
    result: state === 'done' ? ended : 'failed',
  });
}

/** Recordings that the controller believes in, as they are: under way (true), or over. */
export type FoundRecordings = ReadonlyMap<LegId, { recordingId: RecordingId; over: Finished | null }>;

/** Looks for what became of recordings while nobody listened. */
export async function findRecordings(
  node: Node,
  { channels }: Inventory,
  recordingOf: (legId: LegId) => RecordingId | null,
): Promise<FoundRecordings> {
  const found = new Map<LegId, { recordingId: RecordingId; over: Finished | null }>();
  const ask = async (legId: LegId): Promise<void> => {
    const recordingId = recordingOf(legId);
    if (recordingId === null) return;
    try {
      await node.client.call('recordings.getLive', { recordingName: recordingId });
      found.set(legId, { recordingId, over: null });
    } catch (error) {
      if (!isMissing(error)) throw error;
      found.set(legId, { recordingId, over: await keptOf(node, legId, recordingId) });
    }
  };
  await Promise.all([...channels.keys()].map(ask));
  return found;
}

/** The recorder goes on, or its end is told now. */
export function takeUpRecordings(node: Node, found: FoundRecordings): void {
  for (const [legId, { recordingId, over }] of found) {
    const recordings = node.legs.get(legId)?.recordings;
    recordings?.delete(recordingId);
    if (over) node.tell(over);
    else recordings?.add(recordingId);
  }
}

/** The end of a recording of which nothing is known but what it left. */
async function keptOf(node: Node, legId: LegId, recordingId: RecordingId): Promise<Finished> {
  const fact = { kind: 'recording-finished', recordingId, legId, soundMs: null } as const;
  try {
    const file = await node.client.call('recordings.getStoredFile', { recordingName: recordingId });
    const durationMs = Math.max(0, Math.round((file.length - headerBytes) / bytesPerMs));
    return { ...fact, durationMs, result: 'finished' };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { ...fact, durationMs: 0, result: 'not-there' };
  }
}

const isMissing = (error: unknown): boolean => error instanceof AriError && error.status === 404;
