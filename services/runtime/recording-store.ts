import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type RecordingStoreOptions = {
  /** Where Asterisk writes recordings, one WAV file each. */
  dir: string;
  /** Kept for so long; then they are deleted. */
  days: number;
  /** All together at most about this; then no new one is taken. What is there is never deleted to make room: somebody is waiting for it to be heard. */
  megabytes: number;
  nowMs: () => number;
  schedule: (ms: number, callback: () => void) => () => void;
  log: { info(what: object, text: string): void; warn(what: object, text: string): void };
};

export type RecordingStore = ReturnType<typeof createRecordingStore>;

/** How often the files are looked through; a recording made meanwhile counts the next time. */
const lookEveryMs = 60_000;
const dayMs = 24 * 3_600_000;

/** Keeps the folder of recordings within its bounds: old ones go, and there are never more than fit. */
export function createRecordingStore(options: RecordingStoreOptions) {
  const { dir, log } = options;
  let bytes = 0;
  let full = false;
  let cancel: () => void = () => undefined;

  function look(): void {
    let kept = 0;
    let deleted = 0;
    for (const name of namesIn(dir, log)) {
      const file = join(dir, name);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (!stat?.isFile()) continue;
      if (options.nowMs() - stat.mtimeMs > options.days * dayMs) {
        rmSync(file, { force: true });
        deleted += 1;
      } else kept += stat.size;
    }
    bytes = kept;
    if (deleted > 0) log.info({ deleted, days: options.days }, 'old recordings are deleted');
    const isFull = bytes >= options.megabytes * 1e6;
    if (isFull && !full)
      log.warn(
        { megabytes: options.megabytes },
        'no room for more recordings: nobody can leave a message; raise HOTLINE_RECORDINGS_MB or lower HOTLINE_RECORDINGS_DAYS',
      );
    full = isFull;
  }

  return {
    start(): void {
      look();
      cancel = options.schedule(lookEveryMs, () => this.start());
    },
    /** Whether one more message can be taken. */
    mayRecord: (): boolean => !full,
    bytes: (): number => bytes,
    stop: (): void => cancel(),
  };
}

function namesIn(dir: string, log: RecordingStoreOptions['log']): string[] {
  try {
    return readdirSync(dir).filter((name) => name.endsWith('.wav'));
  } catch (error) {
    log.warn({ err: error, dir }, 'the recordings cannot be looked through');
    return [];
  }
}
