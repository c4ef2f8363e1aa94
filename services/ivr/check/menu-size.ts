import { backKey, personKey, repeatKey } from '../flow.ts';
import type { NodeText } from '../flow-text.ts';
import type { CheckedFlow, Ref } from './model.ts';
import { nodePath, refOf } from './model.ts';
import type { Problem } from './problem.ts';
import type { Graph } from './reach.ts';
import { problemIn } from './report.ts';

export const mostOptions = 5;
export const mostLevels = 3;

const notOptions: ReadonlySet<string> = new Set([personKey, repeatKey, backKey]);

/**
 * Menus that nobody can keep in mind (kpi.md: at most five options, three levels). The keys that mean the same everywhere are no options, nor
 * is one that changes the language. A menu's level is the number of menus on the shortest way to it, itself included.
 */
export function menuSizeWarnings(graph: Graph, flows: Iterable<CheckedFlow>): Problem[] {
  const levels = menuLevels(graph, flows);
  return [...graph.places].flatMap(([ref, { flow, name, node }]) => {
    if (node?.kind !== 'menu') return [];
    const warn = (at: PropertyKey[], what: string, suggestion: string) =>
      problemIn(flow, {
        kind: 'menu-size',
        severity: 'warning',
        at: nodePath(name, ...at),
        what,
        suggestion,
      });
    const options = optionsOf(flow, node);
    const level = levels.get(ref) ?? 1;
    return [
      ...(options > mostOptions
        ? [warn(['keys'], `offers ${options} options, more than ${mostOptions}`, 'put rare ones together')]
        : []),
      ...(level > mostLevels
        ? [
            warn(
              [],
              `is a menu on level ${level}, deeper than ${mostLevels}`,
              'ask this earlier, or not at all',
            ),
          ]
        : []),
    ];
  });
}

function optionsOf(flow: CheckedFlow, menu: Extract<NodeText, { kind: 'menu' }>): number {
  return Object.entries(menu.keys).filter(([key, to]) => {
    const node = flow.nodes.get(to);
    return !notOptions.has(key) && !(node?.kind === 'set' && 'language' in node.set);
  }).length;
}

/** Breadth first: how many menus a caller goes through to get here, by the shortest way from a flow's start. */
function menuLevels(graph: Graph, flows: Iterable<CheckedFlow>): ReadonlyMap<Ref, number> {
  const levels = new Map<Ref, number>();
  let level: Ref[] = [...flows].map((flow) => refOf(flow.id, flow.head.start));
  for (let depth = 0; level.length > 0; depth++) {
    const below: Ref[] = [];
    for (let at = level.pop(); at !== undefined; at = level.pop()) {
      const place = graph.places.get(at);
      if (!place || levels.has(at)) continue;
      const isMenu = place.node?.kind === 'menu';
      levels.set(at, depth + (isMenu ? 1 : 0));
      for (const { toRef } of graph.edges.get(at) ?? []) (isMenu ? below : level).push(toRef);
    }
    level = below;
  }
  return levels;
}
