import type { FlowPlace } from '../events/events.ts';
import type { NodeName } from '../events/ids.ts';

/** Where a caller is in a flow, and what has happened there so far. */
export type FlowPosition = {
  readonly node: NodeName;
  /** Silences and wrong entries at this node. */
  readonly attempts: number;
  /** Keyed in here and not judged yet. */
  readonly digits: string;
  /** Nodes that listened on the way here, the newest last; this one too if it does. */
  readonly trail: readonly FlowPlace[];
  /** Something is being said to the caller. */
  readonly playing: boolean;
  /** The caller has given this contact a score. */
  readonly surveyed: boolean;
  /** What a lookup told that the caller has been asked to wait for, while that is still being said. */
  readonly lookup: LookupResult | null;
};

export type LookupResult = 'found' | 'not-found' | 'failed';

/** A caller who has just come. */
export const atStart = (node: NodeName): FlowPosition => ({
  node,
  attempts: 0,
  digits: '',
  trail: [],
  playing: false,
  surveyed: false,
  lookup: null,
});

const longestTrail = 8;

/** The trail with this node at its end: further on, or back at where the caller has been before. */
export function goneTo(trail: readonly FlowPlace[], place: FlowPlace): readonly FlowPlace[] {
  const before = trail.findIndex((one) => one.flow === place.flow && one.node === place.node);
  return before === -1 ? [...trail, place].slice(-longestTrail) : trail.slice(0, before + 1);
}
