import type { Centre } from '../calls/centre.ts';
import { type FallbackPlace, fallbackPlaces } from '../calls/fallback-places.ts';
import type { World } from '../calls/world.ts';
import type { HotlineEvent } from '../events/events.ts';
import type { AgentId, QueueId } from '../events/ids.ts';
import { elapsedMs, type Instant } from '../events/instant.ts';
import type { FallbackPort } from './fallback-port.ts';

export type FallbackStaffingOptions = {
  readonly centre: Pick<Centre, 'queues' | 'agents'>;
  readonly port: FallbackPort;
  readonly clock: () => Instant;
  /** Calls back once after `ms`; returns how to cancel. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
};

/** Timers are not set for longer: they would wrap around after 24 days. */
const longestTimerMs = 24 * 3_600_000;

/**
 * Tells the telephone system who serves which of its own queues: by what agents want, by what they may serve, which ends with their
 * certificates, and by whose reserve is called in.
 */
export class FallbackStaffing {
  readonly #options: FallbackStaffingOptions;
  readonly #reserves = new Set<QueueId>();
  /** Certificates that had ended by then are looked at already. */
  #lookedAt: Instant;
  #cancel: () => void = () => undefined;

  constructor(options: FallbackStaffingOptions) {
    this.#options = options;
    this.#lookedAt = options.clock();
    this.#awaitExpiry();
  }

  /** Where an agent is to be rung now. */
  placesOf(agent: AgentId): FallbackPlace[] {
    const { centre, clock } = this.#options;
    return fallbackPlaces(centre, agent, this.#reserves, clock());
  }

  /** All agents as they are now. */
  staffAll({ agents, reserves }: Pick<World, 'agents' | 'reserves'>): void {
    const { centre, port } = this.#options;
    for (const queue of reserves.keys()) this.#reserves.add(queue);
    for (const agent of centre.agents.keys()) {
      const known = agents.get(agent);
      port.staff({ agent, intent: known?.intent.kind ?? 'signed-out', device: known?.devices[0] ?? null });
    }
  }

  /** What has become of them. */
  follow(events: readonly HotlineEvent[]): void {
    const { centre, port } = this.#options;
    for (const event of events)
      if (event.type === 'AgentStateChanged')
        port.staff({ agent: event.agent, intent: event.intent.kind, device: event.devices[0] ?? null });
      else if (event.type === 'ReserveCalledIn') {
        if (event.on) this.#reserves.add(event.queue);
        else this.#reserves.delete(event.queue);
        port.placesChanged([...centre.agents.values()].filter((one) => one.reserve).map(({ id }) => id));
      }
  }

  stop(): void {
    this.#cancel();
  }

  #awaitExpiry(): void {
    const { centre, schedule } = this.#options;
    const next = Math.min(...expiriesAfter(this.#lookedAt, centre).map(({ at }) => at));
    if (next === Number.POSITIVE_INFINITY) return;
    const ms = Math.max(elapsedMs(this.#lookedAt, next as Instant), 1);
    this.#cancel = schedule(Math.min(ms, longestTimerMs), () => this.#lookAgain());
  }

  #lookAgain(): void {
    const { centre, port, clock } = this.#options;
    const now = clock();
    const ended = expiriesAfter(this.#lookedAt, centre).filter(({ at }) => at <= now);
    this.#lookedAt = now;
    if (ended.length > 0) port.placesChanged([...new Set(ended.map(({ agent }) => agent))]);
    this.#awaitExpiry();
  }
}

const expiriesAfter = (moment: Instant, { agents }: Pick<Centre, 'agents'>) =>
  [...agents.values()].flatMap(({ id: agent, skills }) =>
    skills.flatMap(({ expiresAt: at }) => (at !== null && at > moment ? [{ agent, at }] : [])),
  );
