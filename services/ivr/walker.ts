import type { FlowPlace } from '../events/events.ts';
import type { NodeName, PromptId } from '../events/ids.ts';
import type { FlowAction } from './actions.ts';
import { type FlowContext, holds, languageOf, withValues } from './context.ts';
import type { Flow, FlowNode, Spoken } from './flow.ts';
import { type FlowPosition, goneTo } from './position.ts';
import { speakAll } from './speak.ts';

/** Nodes passed within one step before the walk is given up. The checker refuses loops in which no time passes; this bounds them all the same. */
const mostPassed = 500;

/** One caller on the way through a flow, within one step: gathers what is to happen. */
export class Walker {
  readonly actions: FlowAction[] = [];
  flow: Flow;
  readonly position: FlowPosition;
  context: FlowContext;
  #trail: readonly FlowPlace[];
  #surveyed: boolean;

  constructor(flow: Flow, position: FlowPosition, context: FlowContext) {
    this.flow = flow;
    this.position = position;
    this.context = context;
    this.#trail = position.trail;
    this.#surveyed = position.surveyed;
  }

  push(...actions: FlowAction[]): void {
    this.actions.push(...actions);
  }

  set(values: Readonly<Record<string, string>>): void {
    this.context = withValues(this.context, values);
    this.push({ kind: 'set', values });
  }

  answered(score: number, dissatisfied: boolean): void {
    this.#surveyed = true;
    this.push({ kind: 'survey-answered', score, dissatisfied });
  }

  words(spoken: readonly Spoken[]): PromptId[] {
    return speakAll(spoken, this.context.values, languageOf(this.context), this.context).prompts;
  }

  valueOf(variable: string): string {
    return this.context.values.get(variable) ?? '';
  }

  /** Notes that the caller is at a node now, without what happens there. */
  arriveAt(name: NodeName): FlowNode {
    const node = nodeOf(this.flow, name);
    const trail = listens(node) ? goneTo(this.#trail, { flow: this.flow.id, node: name }) : this.#trail;
    const { id: flow, version } = this.flow;
    this.push({
      kind: 'entered',
      flow,
      version,
      node: name,
      trail: samePlaces(trail, this.#trail) ? null : trail,
    });
    this.#trail = trail;
    return node;
  }

  /** Goes from node to node until something takes time, or the call is to end. */
  enter(name: NodeName): void {
    let at: NodeName | null = name;
    for (let passed = 0; at !== null; passed++) {
      // A caller on whom nothing is spent but time of ours is let go rather than kept in silence.
      if (passed > mostPassed) return this.push({ kind: 'close', outcome: 'failed', prompts: [] });
      at = this.#passThrough(at);
    }
  }

  /** Where the caller listened before, or the node the flow begins with. */
  goBack(): void {
    const here = this.#trail.at(-1);
    const isHere = here?.node === this.position.node && here.flow === this.flow.id;
    const before = isHere ? this.#trail.at(-2) : here;
    const flow = before && (before.flow === this.flow.id ? this.flow : this.context.flowOf(before.flow));
    if (before && flow?.nodes.has(before.node)) {
      this.flow = flow;
      return this.enter(before.node);
    }
    // Who has spoken with an agent is not greeted anew.
    this.enter(this.valueOf('agent') === '' ? this.flow.start : this.position.node);
  }

  /** Does what a node does at once; answers the node to go on to, or null when there is something to wait for. */
  #passThrough(name: NodeName): NodeName | null {
    const node = this.arriveAt(name);
    switch (node.kind) {
      case 'announce':
      case 'say':
        if (node.once !== null && this.valueOf(node.once) !== '') return node.next;
        if (this.#said(node.prompts)) return null;
        if (node.serves) this.push({ kind: 'served' });
        return node.next;
      case 'survey':
        // One vote per contact.
        if (this.#surveyed) return node.next;
        return this.#said(node.prompts) ? null : node.onFailure;
      case 'menu':
      case 'collect':
        // Nobody can answer what was not asked; the checker sees to it that there are fixed words.
        return this.#said(node.prompts) ? null : node.onFailure;
      case 'lookup': {
        const entries = [...node.parameters].map(([parameter, from]) => [parameter, this.valueOf(from)]);
        this.push({ kind: 'look-up', lookup: node.lookup, parameters: Object.fromEntries(entries) });
        this.#said(node.prompts);
        return null;
      }
      case 'branch':
        return node.when.find(({ condition }) => holds(condition, this.context))?.next ?? node.otherwise;
      case 'set':
        this.set(node.values);
        return node.next;
      case 'goto': {
        const flow = this.context.flowOf(node.flow);
        if (!flow) return this.#fail();
        this.flow = flow;
        // A call on an old version may ask for a node that the other flow has lost since.
        return node.node !== null && flow.nodes.has(node.node) ? node.node : flow.start;
      }
      case 'enqueue':
        this.push({ kind: 'enqueue', to: node, prompts: this.words(node.prompts) });
        return null;
      case 'offer-callback':
        this.push({ kind: 'offer-callback', node, number: this.valueOf(node.number) });
        return null;
      case 'voicemail':
        if (!this.#said(node.prompts)) this.push({ kind: 'record', node });
        return null;
      case 'transfer':
        if (!this.#said(node.prompts)) this.push(this.transferTo(node));
        return null;
      case 'hang-up':
        if (node.outcome !== null)
          this.push({ kind: 'close', outcome: node.outcome, prompts: this.words(node.prompts) });
        else if (!this.#said(node.prompts)) this.push({ kind: 'hang-up' });
        return null;
      default:
        return node satisfies never;
    }
  }

  transferTo(node: Extract<FlowNode, { kind: 'transfer' }>): FlowAction {
    const number = /^\+?\d+$/.test(node.to) ? node.to : this.valueOf(node.to);
    return { kind: 'transfer', node, number };
  }

  #said(spoken: readonly Spoken[]): boolean {
    const prompts = this.words(spoken);
    if (prompts.length > 0) this.push({ kind: 'play', prompts });
    return prompts.length > 0;
  }

  #fail(): null {
    this.push({ kind: 'close', outcome: 'failed', prompts: [] });
    return null;
  }
}

/** The checker proves that every name exists; a missing one is a bug, not an input. */
export function nodeOf(flow: Flow, name: NodeName): FlowNode {
  const node = flow.nodes.get(name);
  if (!node) throw new Error(`flow ${flow.id} version ${flow.version} has no node ${name}`);
  return node;
}

export type Listener = Extract<FlowNode, { kind: 'menu' | 'collect' | 'survey' }>;

export const listens = (node: FlowNode): node is Listener =>
  node.kind === 'menu' || node.kind === 'collect' || node.kind === 'survey';

const samePlaces = (one: readonly FlowPlace[], other: readonly FlowPlace[]): boolean =>
  one.length === other.length &&
  one.every(({ flow, node }, index) => other[index]?.flow === flow && other[index]?.node === node);
