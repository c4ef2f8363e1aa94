import type { FlowId } from '../events/ids.ts';
import type { Flow } from './flow.ts';

/** The flows as callers find them, and the former versions on which calls under way may be. */
export type FlowShelf = {
  /** What the next caller hears. */
  readonly inForce: (id: FlowId) => Flow | undefined;
  readonly version: (id: FlowId, version: number) => Flow | undefined;
};

/** A shelf with these versions only. */
export const shelfOf = (flows: ReadonlyMap<FlowId, Flow>): FlowShelf => ({
  inForce: (id) => flows.get(id),
  version: (id, version) => {
    const flow = flows.get(id);
    return flow?.version === version ? flow : undefined;
  },
});
