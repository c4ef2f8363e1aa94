import type { Instance } from '../support/instance.ts';
import { type PartName, pidOf } from '../support/kill-part.ts';
import { pause, until } from '../support/until.ts';

/** One kill and when calls were served again after it; null when it was killed again before. Epoch ms. */
export type Kill = { part: PartName; at: number; backAt: number | null };
/** A time in which something was away. */
export type Outage = { from: number; to: number };

export type KillPlan = {
  kills: number;
  random: () => number;
  /** After calls are served again, it lives up to this long. */
  livesUpToMs: number;
  /** Share of kills that come while it is just starting. */
  whileStarting: number;
  /** Share of kills that hit Postgres instead of the controller. */
  ofPostgres: number;
  /** Done right after each kill, while nobody is there. */
  meanwhile?: () => Promise<void>;
};

/** kill -9 again and again, mostly after calls are served again by another process; of Postgres now and then. */
export async function killAtRandom(instance: Instance, plan: KillPlan): Promise<Kill[]> {
  const { random } = plan;
  const kills: Kill[] = [];
  while (kills.length < plan.kills) {
    const part = random() < plan.ofPostgres ? 'postgres' : 'controller';
    const last = kills.at(-1);
    if (last && random() < plan.whileStarting) await pause(random() * 2_500);
    else {
      if (last) last.backAt = await served(instance);
      await pause(random() * plan.livesUpToMs);
    }
    // Between two of them there is none; and one that could not start may have ended by itself.
    const kill = () => {
      const pid = pidOf(instance, part);
      process.kill(pid, 'SIGKILL');
      return pid;
    };
    const pid = await until(`a ${part}`, kill, { withinMs: 60_000 });
    kills.push({ part, at: Date.now(), backAt: null });
    const checked = plan.meanwhile?.();
    await until(`another ${part}`, () => pidOf(instance, part) !== pid, {
      withinMs: 60_000,
      everyMs: 20,
      seen: () => instance.logs(),
    });
    await checked;
  }
  const last = kills.at(-1);
  if (last) last.backAt = await served(instance);
  return kills;
}

/** Waits until calls are served: there is a controller, and it has Asterisk. What else it needs may still be starting. */
async function served(instance: Instance): Promise<number> {
  const probe = async () => {
    const answer = await fetch(`${instance.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    return ((await answer.json()) as { telephony?: string }).telephony === 'up';
  };
  await until('calls to be served', probe, { withinMs: 90_000, everyMs: 30, seen: () => instance.logs() });
  return Date.now();
}

/** From each kill to when calls were served again. */
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
