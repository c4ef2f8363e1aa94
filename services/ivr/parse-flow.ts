import { buildFlow } from './build-flow.ts';
import type { Flow } from './flow.ts';
import { type FlowText, flowText, type NodeText, type SpokenText } from './flow-text.ts';

export type FlowProblem = { where: string; problem: string };
/** What the flow may refer to. */
export type FlowSurroundings = { queues: ReadonlySet<string>; prompts: ReadonlySet<string> };

/**
 * Turns a flow file's content into a checked flow, or lists every problem it has: shape, names that lead nowhere,
 * unreachable nodes, prompts and queues that do not exist, nodes that reach no end.
 */
export function parseFlow(
  content: unknown,
  around: FlowSurroundings,
): { flow: Flow } | { problems: FlowProblem[] } {
  const parsed = flowText.safeParse(content);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map((i) => ({ where: i.path.join('.') || 'flow', problem: i.message })),
    };
  }
  const text = parsed.data;
  const names = new Set(Object.keys(text.nodes));
  const problems: FlowProblem[] = [];
  const mustExist = (where: string, name: string) => {
    if (!names.has(name)) problems.push({ where, problem: `there is no node "${name}"` });
  };
  mustExist('start', text.start);
  for (const [role, name] of [
    ['person', text.person],
    ['agentLost', text.agentLost],
  ] as const) {
    mustExist(role, name);
    const kind = text.nodes[name]?.kind;
    if (kind === 'hang-up')
      problems.push({ where: role, problem: `"${name}" is no enqueue node, and leads to none` });
  }
  for (const [name, node] of Object.entries(text.nodes)) {
    for (const [field, to] of exits(node)) mustExist(`nodes.${name}.${field}`, to);
    for (const prompt of promptsOf(node))
      if (!around.prompts.has(prompt))
        problems.push({ where: `nodes.${name}.prompts`, problem: `there is no prompt "${prompt}"` });
    if (node.kind === 'enqueue' && !around.queues.has(node.queue))
      problems.push({ where: `nodes.${name}.queue`, problem: `there is no queue "${node.queue}"` });
  }
  if (problems.length === 0) problems.push(...unreachable(text), ...endless(text));
  return problems.length > 0 ? { problems } : { flow: buildFlow(text, text.version) };
}

function exits(node: NodeText): [field: string, to: string][] {
  switch (node.kind) {
    case 'announce':
    case 'say':
    case 'set':
      return [['next', node.next]];
    case 'menu':
      return [
        ...Object.entries(node.keys)
          .filter(([, to]) => to !== 'repeat' && to !== 'back')
          .map(([key, to]): [string, string] => [`keys.${key}`, to]),
        ...optional('onFailure', node.onFailure),
      ];
    case 'collect':
    case 'survey':
      return [['next', node.next], ...optional('onFailure', node.onFailure)];
    case 'lookup':
      return [
        ['onFound', node.onFound],
        ['onNotFound', node.onNotFound],
        ['onFailure', node.onFailure],
      ];
    case 'branch':
      return [
        ...node.when.map(({ next }, index): [string, string] => [`when.${index}.next`, next]),
        ['otherwise', node.otherwise],
      ];
    case 'enqueue':
      return [
        ...Object.entries(node.keys).map(([key, to]): [string, string] => [`keys.${key}`, to]),
        ['onTimeout', node.onTimeout],
        ['onFull', node.onFull],
      ];
    case 'offer-callback':
    case 'voicemail':
      return [
        ['next', node.next],
        ['onFailure', node.onFailure],
      ];
    case 'transfer':
      return [['onFailure', node.onFailure]];
    case 'goto':
    case 'hang-up':
      return [];
    default:
      return node satisfies never;
  }
}

const optional = (field: string, to: string | undefined): [string, string][] =>
  to === undefined ? [] : [[field, to]];

function promptsOf(node: NodeText): string[] {
  const said = (list: readonly SpokenText[]) => list.filter((one) => typeof one === 'string');
  switch (node.kind) {
    case 'menu':
    case 'survey':
      return [...said(node.prompts), ...said(node.invalidKey), ...said(node.noInput)];
    case 'collect':
      return [...said(node.prompts), ...said(node.invalidEntry), ...said(node.noInput)];
    case 'branch':
    case 'set':
    case 'goto':
      return [];
    default:
      return said(node.prompts);
  }
}

/** Nodes no caller can get to: from the start, or by losing an agent. */
function unreachable(text: FlowText): FlowProblem[] {
  const seen = new Set<string>();
  const open = [text.start, text.agentLost, text.person, ...(text.afterAgent ? [text.afterAgent] : [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = text.nodes[name];
    if (seen.has(name) || !node) continue;
    seen.add(name);
    open.push(...exits(node).map(([, to]) => to));
  }
  return Object.keys(text.nodes)
    .filter((name) => !seen.has(name))
    .map((name) => ({ where: `nodes.${name}`, problem: 'no caller can get here' }));
}

/**
 * Ways round and round on which the caller can do nothing: announcements that lead to each other, and queues that hand a caller on to
 * each other at once when they are full.
 */
function endless(text: FlowText): FlowProblem[] {
  const onward = (name: string): string | null => {
    const node = text.nodes[name];
    if (node?.kind === 'announce') return node.next;
    return node?.kind === 'enqueue' && text.nodes[node.onFull]?.kind === 'enqueue' ? node.onFull : null;
  };
  return Object.keys(text.nodes).flatMap((name) => {
    const kind = text.nodes[name]?.kind;
    const passed = new Set<string>();
    let at: string | null = name;
    while (at !== null && text.nodes[at]?.kind === kind && !passed.has(at)) {
      passed.add(at);
      at = onward(at);
    }
    if (at !== name || passed.size === 0) return [];
    const problem =
      kind === 'announce'
        ? 'these announcements lead to each other for ever'
        : 'when full, these queues hand the caller on to each other for ever';
    return [{ where: `nodes.${name}`, problem }];
  });
}
