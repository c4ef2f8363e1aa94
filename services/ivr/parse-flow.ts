import { z } from 'zod';
import { asId, type FlowId, type NodeName, type PromptId, type QueueId } from '../events/ids.ts';
import { backKey, type Flow, type FlowNode, type KeyTarget, personKey, repeatKey } from './flow.ts';

const promptList = z.array(z.string().min(1));
const nodeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('announce'),
    prompts: promptList.min(1),
    serves: z.boolean().default(false),
    next: z.string(),
  }),
  z.strictObject({
    kind: z.literal('menu'),
    prompts: promptList.min(1),
    keys: z.record(z.string().regex(/^[0-9*#]$/, 'a key is one of 0-9, * and #'), z.string()),
    listenSeconds: z.number().positive().max(60).default(6),
    maxAttempts: z.number().int().min(1).max(10).default(3),
    invalidKey: promptList.default(['invalid-key']),
    noInput: promptList.default(['no-input']),
    onFailure: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('enqueue'),
    prompts: promptList.default([]),
    queue: z.string(),
    priority: z.number().int().min(0).max(100).default(0),
    onTimeout: z.string(),
    onFull: z.string(),
  }),
  z.strictObject({ kind: z.literal('hang-up'), prompts: promptList.default([]) }),
]);
const flowSchema = z.strictObject({
  flow: z.string().regex(/^[\w-]{1,40}$/, 'letters, digits, - and _ only'),
  version: z.number().int().positive(),
  language: z.enum(['zh-CN', 'en']),
  start: z.string(),
  /** The enqueue node that key 0, and three errors, lead to. */
  person: z.string(),
  agentLost: z.string(),
  nodes: z.record(z.string(), nodeSchema),
});
type NodeText = z.infer<typeof nodeSchema>;

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
  const parsed = flowSchema.safeParse(content);
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
    if (kind && kind !== 'enqueue') problems.push({ where: role, problem: `"${name}" is no enqueue node` });
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
  return problems.length > 0 ? { problems } : { flow: build(text) };
}

function build(text: z.infer<typeof flowSchema>): Flow {
  return {
    id: asId<FlowId>(text.flow),
    version: text.version,
    language: text.language,
    start: asId<NodeName>(text.start),
    person: asId<NodeName>(text.person),
    agentLost: asId<NodeName>(text.agentLost),
    nodes: new Map(
      Object.entries(text.nodes).map(([name, node]) => [asId<NodeName>(name), buildNode(node, text)]),
    ),
  };
}

function buildNode(node: NodeText, flow: { person: string; start: string }): FlowNode {
  const ids = (list: readonly string[]) => list.map((p) => asId<PromptId>(p));
  switch (node.kind) {
    case 'announce':
      return {
        kind: 'announce',
        prompts: ids(node.prompts),
        serves: node.serves,
        next: asId<NodeName>(node.next),
      };
    case 'menu':
      return {
        kind: 'menu',
        prompts: ids(node.prompts),
        keys: keysOf(node, flow),
        listenMs: Math.round(node.listenSeconds * 1000),
        maxAttempts: node.maxAttempts,
        invalidKey: ids(node.invalidKey),
        noInput: ids(node.noInput),
        onFailure: asId<NodeName>(node.onFailure ?? flow.person),
      };
    case 'enqueue':
      return {
        kind: 'enqueue',
        prompts: ids(node.prompts),
        queue: asId<QueueId>(node.queue),
        priority: node.priority,
        onTimeout: asId<NodeName>(node.onTimeout),
        onFull: asId<NodeName>(node.onFull),
      };
    case 'hang-up':
      return { kind: 'hang-up', prompts: ids(node.prompts) };
    default:
      return node satisfies never;
  }
}

/** The keys that mean the same everywhere are there unless the file gives them another meaning. */
function keysOf(node: Extract<NodeText, { kind: 'menu' }>, flow: { person: string; start: string }) {
  const keys = new Map<string, KeyTarget>([
    [personKey, { kind: 'node', node: asId<NodeName>(flow.person) }],
    [backKey, { kind: 'node', node: asId<NodeName>(flow.start) }],
    [repeatKey, { kind: 'repeat' }],
  ]);
  for (const [key, to] of Object.entries(node.keys))
    keys.set(key, to === 'repeat' ? { kind: 'repeat' } : { kind: 'node', node: asId<NodeName>(to) });
  return keys;
}

function exits(node: NodeText): [field: string, to: string][] {
  switch (node.kind) {
    case 'announce':
      return [['next', node.next]];
    case 'menu':
      return [
        ...Object.entries(node.keys)
          .filter(([, to]) => to !== 'repeat')
          .map(([key, to]): [string, string] => [`keys.${key}`, to]),
        ...(node.onFailure ? [['onFailure', node.onFailure] as [string, string]] : []),
      ];
    case 'enqueue':
      return [
        ['onTimeout', node.onTimeout],
        ['onFull', node.onFull],
      ];
    case 'hang-up':
      return [];
    default:
      return node satisfies never;
  }
}

function promptsOf(node: NodeText): string[] {
  return node.kind === 'menu' ? [...node.prompts, ...node.invalidKey, ...node.noInput] : node.prompts;
}

/** Nodes no caller can get to: from the start, or by losing an agent. */
function unreachable(text: z.infer<typeof flowSchema>): FlowProblem[] {
  const seen = new Set<string>();
  const open = [text.start, text.agentLost, text.person];
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
function endless(text: z.infer<typeof flowSchema>): FlowProblem[] {
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
