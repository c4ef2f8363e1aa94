import type { AgentChange } from '../agents/agent.ts';
import { agentChange, newAgent } from '../agents/agent.ts';
import type { EventBody, HotlineEvent, Recorded } from '../events/events.ts';
import type { AgentId, EventId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { CalendarNow } from '../ivr/calendar.ts';
import type { FlowShelf } from '../ivr/flow-shelf.ts';
import type { Centre } from './centre.ts';
import { evolve } from './evolve.ts';
import type { RoutingMemory } from './routing-memory.ts';
import type { World } from './world.ts';

/** What decisions go by. But for the version of a flow that is in force, it stays the same while the controller runs. */
export type Rules = {
  readonly centre: Centre;
  readonly flows: FlowShelf;
  /** The centre's own time. */
  readonly calendar: (at: Instant) => CalendarNow;
  readonly timeZone: string;
  /** Whether there is a trunk for calls of ours. */
  readonly dialsOut: boolean;
  /** What leads can turn on and off. */
  readonly switches: ReadonlySet<string>;
  /** How long a lookup may keep a caller waiting. */
  readonly lookupTimeoutMs: (lookup: string) => number;
};

/** Makes ids nobody has made before. Counted, not random, so that a replay makes the same ones. */
export type IdSource = {
  event(): { eventId: EventId; seq: number };
  /** An id unique across restarts, for what is ours. */
  next(kind: 'leg' | 'bridge' | 'playback' | 'visit' | 'lookup' | 'recording' | 'callback' | 'task'): string;
};

/**
 * One input being handled: collects the events it leads to. Each event is folded into the world at once, so
 * whatever is decided next in the same turn sees it. Nothing here does anything outside: events are facts about
 * our own decisions until the shell has journalled them and given the orders they call for.
 */
export class Turn {
  readonly events: HotlineEvent[] = [];
  readonly world: World;
  readonly rules: Rules;
  readonly now: Instant;
  readonly ids: IdSource;
  /** Who waits and who is free, for the next decision; told of every event. */
  readonly router: RoutingMemory;

  constructor(world: World, rules: Rules, now: Instant, ids: IdSource, router: RoutingMemory) {
    this.world = world;
    this.rules = rules;
    this.now = now;
    this.ids = ids;
    this.router = router;
  }

  emit<B extends EventBody>(body: B): Recorded<B> {
    const event = { ...body, ...this.ids.event(), at: this.now } as Recorded<B>;
    evolve(this.world, event as HotlineEvent);
    this.events.push(event as HotlineEvent);
    this.router.follow(event as HotlineEvent, this.world);
    return event;
  }

  /** Does something that happened earlier, before we came to know of it: its events carry the time at which it did. */
  asOf(at: Instant, happened: (then: Turn) => void): void {
    const { world, rules, now, ids, router } = this;
    const then = new Turn(world, rules, at < now ? at : now, ids, router);
    try {
      happened(then);
    } finally {
      this.events.push(...then.events);
    }
  }

  changeAgent(id: AgentId, change: AgentChange, because: string): void {
    const agent = this.world.agents.get(id) ?? newAgent(id, this.now);
    const event = agentChange(agent, change, because);
    if (event) this.emit(event);
  }
}
