import { decide } from '../../services/calls/decide.ts';
import { effectsOf } from '../../services/calls/effects.ts';
import { evolve } from '../../services/calls/evolve.ts';
import type { Input } from '../../services/calls/input.ts';
import { RoutingMemory } from '../../services/calls/routing-memory.ts';
import { type IdSource, Turn } from '../../services/calls/turn.ts';
import { emptyWorld } from '../../services/calls/world.ts';
import type { EventBody, HotlineEvent } from '../../services/events/events.ts';
import type { EventId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import { smallFlows } from './read-flows.ts';
import { rulesOf } from './rules.ts';
import { demoCentre } from './simulated-hotline.ts';

/** A past event, at a second of the test's own clock. */
export const past = <B extends EventBody>(atSeconds: number, body: B): { at: Instant; body: EventBody } => ({
  at: instant(atSeconds * 1_000),
  body,
});

/**
 * given(past events).when(input, at second).then(events): one decision, nothing else. Events are compared by the fields
 * the test names; their order and number count.
 */
export function given(history: readonly { at: Instant; body: EventBody }[]) {
  const world = emptyWorld();
  let seq = 0;
  for (const { at, body } of history) {
    seq += 1;
    evolve(world, { ...body, at, seq, eventId: `e-${seq}` as EventId } as HotlineEvent);
  }
  return {
    when(input: Input, atSeconds: number) {
      let made = 0;
      const now = instant(atSeconds * 1_000);
      const ids: IdSource = {
        event: () => ({ eventId: `e-${++seq}` as EventId, seq }),
        next: (kind) => `${kind}-${++made}`,
      };
      const router = new RoutingMemory(demoCentre, world, now);
      const turn = new Turn(world, rulesOf(demoCentre, smallFlows), now, ids, router);
      const result = decide(turn, input);
      const events = turn.events.map(({ eventId: _id, seq: _seq, at: _at, ...body }) => body);
      return {
        result,
        world,
        events,
        /** The same with their times and names. */
        recorded: turn.events,
        orders: turn.events.map(effectsOf).filter((order) => order !== null),
      };
    },
  };
}
