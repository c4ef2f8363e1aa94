import { createContext, type ReactNode, use, useRef, useSyncExternalStore } from 'react';
import { clockDuration, isoDuration } from '../format/duration.ts';
import { currentSecond, onEachSecond, serverNow } from './clock.ts';

const FrozenAt = createContext<number | null>(null);

/** Stops the clocks inside while what they count is not known to be true any more. */
export function FreezeClocks({ when, children }: { when: boolean; children: ReactNode }): ReactNode {
  const frozenAt = useRef<number | null>(null);
  frozenAt.current = when ? (frozenAt.current ?? serverNow()) : null;
  return <FrozenAt value={frozenAt.current}>{children}</FrozenAt>;
}

/** Redraws the caller each second; gives the server's time, epoch ms. Keep it in leaves. */
export function useServerNow(): number {
  useSyncExternalStore(onEachSecond, currentSecond);
  return use(FrozenAt) ?? serverNow();
}

/** Time since `since` (epoch ms), counting up. `levelOf` may name a class by how long it has been. */
export function Elapsed({ since, levelOf }: { since: number; levelOf?: (ms: number) => string }): ReactNode {
  const ms = useServerNow() - since;
  return (
    <time dateTime={isoDuration(ms)} className={`num ${levelOf?.(ms) ?? ''}`}>
      {clockDuration(ms)}
    </time>
  );
}

/** Time left until `until` (epoch ms), counting down to 0. */
export function Remaining({ until }: { until: number }): ReactNode {
  // Rounded up, so that the last second is seen as 0:01 and 0:00 means over.
  const ms = Math.ceil(Math.max(0, until - useServerNow()) / 1000) * 1000;
  return (
    <time dateTime={isoDuration(ms)} className="num">
      {clockDuration(ms)}
    </time>
  );
}
