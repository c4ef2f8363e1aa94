import type { Agent } from '../agents/agent.ts';
import type { Call } from '../calls/call.ts';
import { emptyWorld, type World } from '../calls/world.ts';
import type { AgentId, CallId, QueueId } from '../events/ids.ts';
import type { Line } from '../queueing/queue.ts';
import type { EngineState } from './engine.ts';

/**
 * Grows when the shape of the state changes. The former format then gets a line in `steps`: the events that led to a snapshot are
 * mostly forgotten, so that one that is passed over costs the calls under way.
 */
export const snapshotFormat = 4;

type Content = {
  format: number;
  seq: number;
  today: EngineState['today'];
  world: Record<keyof World, [never, never][]>;
};

/** What brings a snapshot of a format to the next one. */
const steps: Readonly<Record<number, (content: Content) => Content>> = {
  // 2 knew menus and queues only: calls had no variables, no way back, no version of any flow but their own, and needed no skills.
  2: (content) => {
    const calls = content.world.calls as unknown as [CallId, Call][];
    const lines = content.world.lines as unknown as [QueueId, Line][];
    return {
      ...content,
      world: {
        ...content.world,
        calls: calls.map(([id, call]) => [id, { ...withoutSelfService(call), ...call }]) as never,
        lines: lines.map(([id, line]) => [id, line.map((visit) => ({ ...visit, skills: [] }))]) as never,
      },
    };
  },
  // 3 did not know how many calls an agent had in a shift, and when a phone was rung last.
  3: (content) => {
    const agents = content.world.agents as unknown as [AgentId, Partial<Agent>][];
    return {
      ...content,
      world: {
        ...content.world,
        agents: agents.map(([id, agent]) => [id, { callsInShift: 0, lastRungAt: null, ...agent }]) as never,
      },
    };
  },
};

const withoutSelfService = (call: Pick<Call, 'flow'>): Partial<Call> => ({
  flowVersions: call.flow ? { [call.flow.id]: call.flow.version } : {},
  trail: [],
  digits: '',
  values: {},
  lookup: null,
  recording: null,
  transfer: null,
  callback: null,
  leftQueue: null,
  surveyed: false,
  lastQueue: null,
  lastAgent: null,
});

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

/** null when the text is of a format that cannot be brought forward, or of a later one. */
export function readSnapshot(text: string): EngineState | null {
  let content = JSON.parse(text) as Content;
  while (content.format < snapshotFormat) {
    const step = steps[content.format];
    if (!step) return null;
    content = { ...step(content), format: content.format + 1 };
  }
  if (content.format !== snapshotFormat) return null;
  const world = emptyWorld();
  for (const name of Object.keys(world) as (keyof World)[])
    for (const [key, value] of content.world[name] ?? []) world[name].set(key, value);
  return { world, today: content.today, seq: content.seq };
}
