/**
 * Whether the service at this address can take calls; false while nothing answers there. The answer is read to its end: one that is let go of
 * keeps its connection until it is collected, and a test that asks often would use up all that the service takes.
 */
export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`).catch(() => null);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.ok === true;
}
