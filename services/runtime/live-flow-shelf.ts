import { asId, type FlowId } from '../events/ids.ts';
import type { Flow } from '../ivr/flow.ts';
import type { FlowShelf } from '../ivr/flow-shelf.ts';
import { CentreError } from './centre-file.ts';
import { builtFlow } from './flow-files.ts';
import type { FlowStore } from './flow-store.ts';

/**
 * The flows the controller goes by while it runs: a new version can be put in force between two steps. Former versions are read when a call asks
 * for them, once: calls that were in them when another controller went on with them.
 */
export class LiveFlowShelf implements FlowShelf {
  readonly #inForce: Map<FlowId, Flow>;
  readonly #versions = new Map<string, Flow | null>();
  readonly #store: FlowStore;

  constructor(flows: ReadonlyMap<FlowId, Flow>, store: FlowStore) {
    this.#inForce = new Map(flows);
    this.#store = store;
    for (const flow of flows.values()) this.#versions.set(keyOf(flow.id, flow.version), flow);
  }

  readonly inForce = (id: FlowId): Flow | undefined => this.#inForce.get(id);

  readonly version = (id: FlowId, version: number): Flow | undefined => {
    const key = keyOf(id, version);
    const known = this.#versions.get(key);
    if (known !== undefined) return known ?? undefined;
    const flow = this.#read(id, version);
    this.#versions.set(key, flow);
    return flow ?? undefined;
  };

  /** null, told once, when it is damaged or of a form that is not known any more: its callers go on in the version in force. */
  #read(id: FlowId, version: number): Flow | null {
    const stored = this.#store.read(id, version);
    if (!stored) return null;
    try {
      return builtFlow(stored);
    } catch (error) {
      if (!(error instanceof CentreError)) throw error;
      process.emitWarning(`flow ${id}: version ${version} cannot be used: ${error.problems.join('; ')}`);
      return null;
    }
  }

  /** From the next caller on. */
  put(flow: Flow): void {
    this.#inForce.set(flow.id, flow);
    this.#versions.set(keyOf(flow.id, flow.version), flow);
  }

  /** What another controller of this home has put in force since. */
  refresh(): void {
    for (const { flow, version } of this.#store.inForce().values()) {
      const id = asId<FlowId>(flow);
      if (this.#inForce.get(id)?.version === version) continue;
      const newer = this.version(id, version);
      if (newer) this.put(newer);
    }
  }
}

const keyOf = (id: FlowId, version: number): string => `${id}@${version}`;
