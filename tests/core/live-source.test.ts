import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type EventStream,
  type StreamStatus,
  startLiveSource,
} from '../../dashboards/shared/live/live-source.ts';

/** An EventSource driven by the test. */
class ScriptedStream extends EventTarget {
  readyState = 0;
  closed = false;
  close(): void {
    this.closed = true;
    this.readyState = 2;
  }
  snapshot(text: string): void {
    this.dispatchEvent(Object.assign(new Event('snapshot'), { data: text }));
  }
  fail(readyState: 0 | 2): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }
}

describe('the live source', () => {
  let streams: ScriptedStream[];
  let heard: string[];
  let refusals: number;
  let status: StreamStatus;
  let source: ReturnType<typeof startLiveSource>;
  const latest = () => streams.at(-1) as ScriptedStream;

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    streams = [];
    heard = [];
    refusals = 0;
    source = startLiveSource({
      open: () => {
        const stream = new ScriptedStream();
        streams.push(stream);
        return stream as unknown as EventStream;
      },
      eventName: 'snapshot',
      onSnapshot: (json) => heard.push(json),
      onStatus: (next) => {
        status = next;
      },
      onRefused: () => {
        refusals += 1;
      },
    });
  });
  afterEach(() => {
    source.stop();
    vi.useRealTimers();
  });

  it('is connecting, then live with the first snapshot', () => {
    expect(status).toEqual({ phase: 'connecting', lastHeardAt: null });
    latest().snapshot('1');
    expect(heard).toEqual(['1']);
    expect(status).toEqual({ phase: 'live', lastHeardAt: 1_000_000 });
  });

  it('says that it is interrupted, leaves the reconnecting to EventSource, and is live again', () => {
    latest().snapshot('1');
    vi.advanceTimersByTime(3000);
    latest().fail(0);
    expect(status).toEqual({ phase: 'interrupted', lastHeardAt: 1_000_000 });
    expect(streams).toHaveLength(1);
    latest().snapshot('2');
    expect(status.phase).toBe('live');
  });

  it('opens a new stream after a refusal, ever more slowly, and asks why', () => {
    const waits = [1000, 2000, 4000, 8000, 15_000, 15_000];
    for (const [i, wait] of waits.entries()) {
      latest().fail(2);
      expect(refusals).toBe(i + 1);
      vi.advanceTimersByTime(wait - 1);
      expect(streams).toHaveLength(i + 1);
      vi.advanceTimersByTime(1);
      expect(streams).toHaveLength(i + 2);
    }
    latest().snapshot('1');
    latest().fail(2);
    vi.advanceTimersByTime(1000);
    expect(streams).toHaveLength(waits.length + 2);
  });

  it('takes silence for an interruption, closes the dead stream, and ignores what it still says', () => {
    latest().snapshot('1');
    const dead = latest();
    vi.advanceTimersByTime(11_999);
    expect(status.phase).toBe('live');
    vi.advanceTimersByTime(1);
    expect(status.phase).toBe('interrupted');
    expect(dead.closed).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(streams).toHaveLength(2);
    dead.snapshot('late');
    dead.fail(2);
    expect(heard).toEqual(['1']);
    expect(streams).toHaveLength(2);
  });

  it('also gives up a stream that opens and says nothing', () => {
    vi.advanceTimersByTime(12_000);
    expect(status).toEqual({ phase: 'interrupted', lastHeardAt: null });
  });

  it('tries at once when told, but not while all is well', () => {
    latest().snapshot('1');
    source.retryNow();
    expect(streams).toHaveLength(1);
    latest().fail(2);
    source.retryNow();
    expect(streams).toHaveLength(2);
    vi.advanceTimersByTime(1000);
    expect(streams).toHaveLength(2);
  });

  it('is quiet after it was stopped', () => {
    source.stop();
    expect(latest().closed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(streams).toHaveLength(1);
  });
});
