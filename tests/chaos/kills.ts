import type { Instance } from '../support/instance.ts';
import { type PartName, pidOf } from '../support/kill-part.ts';
import { pause, until } from '../support/until.ts';

/** One kill and when the service was whole again after it; null when it was killed again before. Epoch ms. */
export type Kill = { part: PartName; at: number; backAt: number | null };
/** A time in which something was away. */
export type Outage = { from: number; to: number };

export type KillPlan = {
  kills: number;
  random: () => number;
  /** After being whole again it lives up to this long. */
  livesUpToMs: number;
  /** Share of kills that come while it is just starting. */
  whileStarting: number;
  part?: PartName;
};

/** kill -9 of one part, again and again, each time when another process of it runs; mostly after it is whole again. */
export async function killAtRandom(
  instance: Instance,
  plan: KillPlan,
  until_: () => boolean = () => false,
): Promise<Kill[]> {
  const { random, part = 'controller' } = plan;
  const kills: Kill[] = [];
  while (kills.length < plan.kills && !until_()) {
    const last = kills.at(-1);
    if (last && random() < plan.whileStarting) await pause(random() * 2_500);
    else {
      if (last) last.backAt = await whole(instance, part);
      await pause(random() * plan.livesUpToMs);
    }
    const pid = pidOf(instance, part);
    process.kill(pid, 'SIGKILL');
    kills.push({ part, at: Date.now(), backAt: null });
    // Between two of them there is none: that is "not yet".
    await until(`another ${part}`, () => pidOf(instance, part) !== pid, {
      withinMs: 60_000,
      everyMs: 20,
      seen: () => instance.logs(),
    });
  }
  const last = kills.at(-1);
  if (last) last.backAt = await whole(instance, part);
  return kills;
}

async function whole(instance: Instance, part: PartName): Promise<number> {
  await until(
    `${part} to be back`,
    async () => (await fetch(`${instance.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok,
    { withinMs: 90_000, everyMs: 30, seen: () => instance.logs() },
  );
  return Date.now();
}

/** From each kill to when the service was whole again. */
export function outagesOf(kills: readonly Kill[]): Outage[] {
  return kills.map(({ at }, i) => ({
    from: at,
    to: kills.slice(i).find(({ backAt }) => backAt !== null)?.backAt ?? Number.POSITIVE_INFINITY,
  }));
}

/** Whether the outages touch this time, give or take. */
export function touched(outages: readonly Outage[], from: number, to = from, marginMs = 1_500): boolean {
  return outages.some((outage) => outage.from - marginMs <= to && from <= outage.to + marginMs);
}
