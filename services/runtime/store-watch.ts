export type StoreWatchOptions = {
  /** Asks the store something small; rejects when it is away. */
  check: () => Promise<void>;
  schedule: (ms: number, callback: () => void) => () => void;
  /** Told when it begins or ceases to answer. */
  onChange: (answers: boolean) => void;
};

const everyMs = 5_000;
/** Without an answer for this long, people are told that it is away. */
const lateMs = 4_000;

/**
 * Asks from time to time whether the store answers: when nothing happens nothing is shipped, and nobody would notice that it is
 * away but the person who tries to sign in. One question at a time: one that hangs is waited for.
 */
export function createStoreWatch({ check, schedule, onChange }: StoreWatchOptions) {
  let answers = true;
  let stopped = false;
  let cancel: () => void = () => undefined;

  const say = (now: boolean): void => {
    if (now === answers || stopped) return;
    answers = now;
    onChange(now);
  };

  async function ask(): Promise<void> {
    const cancelLate = schedule(lateMs, () => say(false));
    const answered = await check().then(
      () => true,
      () => false,
    );
    cancelLate();
    say(answered);
    arm();
  }

  function arm(): void {
    if (!stopped) cancel = schedule(everyMs, () => void ask());
  }

  return {
    start: (): void => arm(),
    answers: (): boolean => answers,
    stop(): void {
      stopped = true;
      cancel();
    },
  };
}
