/**
 * Does something in one tab of this browser at a time: of two tabs registered as the same phone, each would take the
 * calls from the other. The next tab begins when the first is done or closed.
 * @param otherwise called when another tab is doing it now.
 */
export async function onlyHere(
  name: string,
  signal: AbortSignal,
  otherwise: () => void,
  work: () => Promise<void>,
): Promise<void> {
  const free = await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock !== null);
  if (signal.aborted) return;
  if (!free) otherwise();
  await navigator.locks.request(name, { signal }, work);
}
