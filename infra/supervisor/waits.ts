/**
 * What to tell a person whose service is up and serves nobody: another home's controller acts on the same database, and the one here
 * stands by. Meant for the first home of two after its return, but also what two services have that were given one `DATABASE_URL`.
 * @returns null when the controller here acts, or does not say
 */
export async function whyItWaits(readyUrl: string): Promise<string | null> {
  let answer: string;
  try {
    answer = await (await fetch(readyUrl, { signal: AbortSignal.timeout(4_000) })).text();
  } catch {
    // It was healthy a moment ago; that it is not any more is told by whoever looks after the parts.
    return null;
  }
  if (!answer.includes('"role":"standby"')) return null;
  return 'another controller acts on this database: the one here waits until that one stops; until then callers get the fallback here, and pages answer 503. Two services need a database each (DATABASE_URL)';
}
