/** Runs `work` while holding the lock file `path`; waits while a living process holds it. A dead holder's lock is taken over. */
export function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait?: (holderPid: number) => void,
): Promise<T>;
