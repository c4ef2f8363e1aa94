import type { FlowId, NodeName } from '../events/ids.ts';
import type { FlowNode } from './flow.ts';

/** Where a caller may go on from a node of this flow, with what leads there; repeating a menu leads to itself. */
export function exitsOf(name: NodeName, node: FlowNode): [label: string, to: NodeName][] {
  switch (node.kind) {
    case 'announce':
    case 'say':
    case 'set':
      return [['then', node.next]];
    case 'menu':
      return [
        ...[...node.keys].flatMap(([key, to]): [string, NodeName][] => {
          if (to.kind === 'back') return [];
          return [[key, to.kind === 'repeat' ? name : to.node]];
        }),
        [`after ${node.maxAttempts} failures`, node.onFailure],
      ];
    case 'collect':
      return [
        ['entered', node.next],
        [`after ${node.maxAttempts} failures`, node.onFailure],
      ];
    case 'survey':
      return [
        ['answered', node.next],
        [`after ${node.maxAttempts} failures`, node.onFailure],
      ];
    case 'lookup':
      return [
        ['found', node.onFound],
        ['not found', node.onNotFound],
        ['failed', node.onFailure],
      ];
    case 'branch':
      return [
        ...node.when.map(({ next }, index): [string, NodeName] => [`if ${index + 1}`, next]),
        ['otherwise', node.otherwise],
      ];
    case 'enqueue':
      return [
        ...node.keys,
        ['waited too long', node.onTimeout],
        ['queue full', node.onFull],
        ...[...node.onOverflow].map(([exit, to]): [string, NodeName] => [`overflow: ${exit}`, to]),
      ];
    case 'offer-callback':
      return [
        ['promised', node.next],
        ['failed', node.onFailure],
      ];
    case 'voicemail':
      return [
        ['left', node.next],
        ['failed', node.onFailure],
      ];
    case 'transfer':
      return [['failed', node.onFailure]];
    case 'goto':
    case 'hang-up':
      return [];
    default:
      return node satisfies never;
  }
}

/** The other flow that a node leads on to. */
export const otherFlowOf = (node: FlowNode): { flow: FlowId; node: NodeName | null } | null =>
  node.kind === 'goto' ? { flow: node.flow, node: node.node } : null;
