import type { PlaybackId } from '../../../services/events/ids.ts';
import type { FakeAsterisk } from './asterisk.ts';
import type { Leg } from './types.ts';

/** Playbacks of one leg: one after another, as Asterisk does it. */
export function startPlayback(asterisk: FakeAsterisk, leg: Leg, id: PlaybackId, durationMs: number): void {
  if (leg.playing.some((playing) => playing.id === id)) return;
  leg.music = false;
  leg.playing.push({ id, cancel: null, durationMs });
  if (leg.playing.length === 1) startNext(asterisk, leg);
}

/** Cuts a playback short; the end of one that is over already is told again. */
export function stopPlayback(asterisk: FakeAsterisk, leg: Leg, id: PlaybackId): void {
  if (leg.playing.some((playing) => playing.id === id)) finish(asterisk, leg, id);
  else asterisk.outbox.tell(leg.id, { kind: 'playback-finished', playbackId: id, legId: leg.id, ok: true });
}

function startNext(asterisk: FakeAsterisk, leg: Leg): void {
  const next = leg.playing[0];
  if (next) next.cancel = asterisk.legTimer(leg, next.durationMs, () => finish(asterisk, leg, next.id));
}

function finish(asterisk: FakeAsterisk, leg: Leg, id: PlaybackId): void {
  const index = leg.playing.findIndex((playing) => playing.id === id);
  const playing = leg.playing[index];
  if (!playing) return;
  if (playing.cancel) {
    playing.cancel();
    leg.timers.delete(playing.cancel);
  }
  leg.playing.splice(index, 1);
  const fact = { kind: 'playback-finished', playbackId: id, legId: leg.id, ok: true } as const;
  asterisk.outbox.tell(leg.id, fact);
  if (asterisk.happens(asterisk.faults.repeatChance)) asterisk.outbox.tell(leg.id, fact);
  if (index === 0) startNext(asterisk, leg);
  if (leg.playing.length === 0) leg.whenSilent?.();
}
