import { emptyWorld, type World } from '../calls/world.ts';
import type { EngineState } from './engine.ts';

/** Grows when the shape of the state changes: an older snapshot is then passed over and the journal replayed from its start. */
export const snapshotFormat = 2;

/** The engine's state as text, and back. Everything in it is plain data but for the maps. */
export function writeSnapshot(state: EngineState): string {
  const { world, today, seq } = state;
  return JSON.stringify({
    format: snapshotFormat,
    seq,
    today,
    world: Object.fromEntries(Object.entries(world).map(([name, map]) => [name, [...map]])),
  });
}

/** null when the text is of another format. */
export function readSnapshot(text: string): EngineState | null {
  const content = JSON.parse(text) as {
    format: number;
    seq: number;
    today: EngineState['today'];
    world: Record<keyof World, [never, never][]>;
  };
  if (content.format !== snapshotFormat) return null;
  const world = emptyWorld();
  for (const name of Object.keys(world) as (keyof World)[])
    for (const [key, value] of content.world[name]) world[name].set(key, value);
  return { world, today: content.today, seq: content.seq };
}
