import type { FlowText, NodeText } from '../flow-text.ts';
import type { Path } from './source.ts';

/** A flow as the checker sees it: as much as could be read of a text that may be wrong elsewhere. */
export type CheckedFlow = {
  readonly file: string;
  readonly id: string;
  /** Whatever of it is right; '' where it is not. */
  readonly head: Pick<FlowText, 'start' | 'person' | 'agentLost' | 'afterAgent' | 'language'>;
  /** null: a node that cannot be read; its name is there, and what it might lead to is `mentions`. */
  readonly nodes: ReadonlyMap<string, NodeText | null>;
  /** Of nodes that cannot be read: names of nodes they mention anywhere. */
  readonly mentions: ReadonlyMap<string, readonly string[]>;
  readonly lineOf: (path: Path) => number;
};

export type CheckedFlows = ReadonlyMap<string, CheckedFlow>;

/** One node of one flow, among all flows: `95598/main-menu`. */
export type Ref = string;
export const refOf = (flow: string, node: string): Ref => `${flow}/${node}`;

export type Place = { readonly flow: CheckedFlow; readonly name: string; readonly node: NodeText | null };

/** Every node of every flow by its ref. */
export function placesOf(flows: CheckedFlows): ReadonlyMap<Ref, Place> {
  const places = new Map<Ref, Place>();
  for (const flow of flows.values())
    for (const [name, node] of flow.nodes) places.set(refOf(flow.id, name), { flow, name, node });
  return places;
}

export const nodePath = (name: string, ...field: PropertyKey[]): Path => ['nodes', name, ...field];
