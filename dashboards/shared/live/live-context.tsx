import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react';
import type { LiveSnapshot, liveStream } from '../../../services/adapters/http/contract/live.ts';
import { liveStreamUrl } from '../api/endpoints.ts';
import { useSession } from '../session/session-context.tsx';
import { learnServerTime } from './clock.ts';
import { type StreamStatus, startLiveSource } from './live-source.ts';
import { shareUnchanged } from './share-unchanged.ts';

// Typed by the contract, so that the names cannot differ, without its schemas in the bundle.
const snapshotEvent: (typeof liveStream)['snapshotEvent'] = 'snapshot';
const signedOutEvent: (typeof liveStream)['signedOutEvent'] = 'signed-out';

export type Live = { snapshot: LiveSnapshot | null; stream: StreamStatus };

const LiveContext = createContext<Live>({
  snapshot: null,
  stream: { phase: 'connecting', lastHeardAt: null },
});

/** What is true now, and how fresh it is. */
export const useLive = (): Live => use(LiveContext);

/** Keeps one live stream open for the whole page while someone is signed in. */
export function LiveProvider({ children }: { children: ReactNode }): ReactNode {
  const { refresh, ended } = useSession();
  const [snapshot, setSnapshot] = useState<LiveSnapshot | null>(null);
  const [stream, setStream] = useState<StreamStatus>({ phase: 'connecting', lastHeardAt: null });
  const latest = useRef<LiveSnapshot | null>(null);

  useEffect(() => {
    const source = startLiveSource({
      open: () => {
        const opened = new EventSource(liveStreamUrl());
        opened.addEventListener(signedOutEvent, () => {
          opened.close();
          ended();
        });
        return opened;
      },
      eventName: snapshotEvent,
      onSnapshot: (json) => {
        const next = JSON.parse(json) as LiveSnapshot;
        learnServerTime(next.at);
        latest.current = shareUnchanged(latest.current, next);
        setSnapshot(latest.current);
      },
      onStatus: setStream,
      // The stream cannot tell why it was refused; asking who we are can.
      onRefused: () => void refresh(),
    });
    const wake = () => {
      if (document.visibilityState === 'visible') source.retryNow();
    };
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    return () => {
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      source.stop();
    };
  }, [refresh, ended]);

  return <LiveContext value={{ snapshot, stream }}>{children}</LiveContext>;
}
