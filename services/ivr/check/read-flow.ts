import { type FlowText, flowText, type NodeText, nodeText } from '../flow-text.ts';
import type { CheckedFlow } from './model.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import { schemaProblems } from './schema.ts';
import { type FlowSource, isRecord, readSource } from './source.ts';

const headText = flowText.omit({ nodes: true });

/** `text`: the whole flow, when its shape has no problem. */
type ReadFlow = { flow: CheckedFlow | null; problems: Problem[]; text: FlowText | null };

/**
 * Reads a flow file as far as it can be read. What is wrong with one node does not hide what is wrong with the others.
 * `flow`: null when it is no flow at all.
 */
export function readFlow({ file, text }: FlowSource): ReadFlow {
  const read = readSource(text);
  if ('problems' in read) {
    const problems = read.problems.map(({ line, what }): Problem => {
      return { file, line, where: 'YAML', what, suggestion: null, severity: 'error', kind: 'yaml' };
    });
    return { flow: null, problems, text: null };
  }
  const { content, lineOf } = read;
  const at = { file, lineOf };
  if (!isRecord(content)) {
    const what = 'is no flow: a flow has flow, version, language, start, person, agentLost and nodes';
    return { flow: null, problems: [problemIn(at, { kind: 'schema', at: [], what })], text: null };
  }
  const problems: Problem[] = [];
  const { nodes: given, ...rest } = content;
  const head = headText.safeParse(rest);
  if (!head.success) problems.push(...schemaProblems(at, [], head.error.issues, rest, headText));
  if (!isRecord(given) || Object.keys(given).length === 0)
    problems.push(
      problemIn(at, { kind: 'schema', at: ['nodes'], what: 'names each node with what it does' }),
    );
  const nodes = new Map<string, NodeText | null>();
  const mentions = new Map<string, readonly string[]>();
  for (const [name, raw] of Object.entries(isRecord(given) ? given : {})) {
    const node = nodeText.safeParse(raw);
    nodes.set(name, node.success ? node.data : null);
    if (node.success) continue;
    mentions.set(name, textsIn(raw));
    problems.push(...schemaProblems(at, ['nodes', name], node.error.issues, raw, nodeText));
  }
  const textOr = (field: string) => (typeof rest[field] === 'string' ? rest[field] : '');
  const flow: CheckedFlow = {
    file,
    id: textOr('flow'),
    head: {
      start: textOr('start'),
      person: textOr('person'),
      agentLost: textOr('agentLost'),
      language: rest.language === 'en' ? 'en' : 'zh-CN',
      ...(typeof rest.afterAgent === 'string' && { afterAgent: rest.afterAgent }),
    },
    nodes,
    mentions,
    lineOf,
  };
  const right = [...nodes].flatMap(([name, node]): [string, NodeText][] => (node ? [[name, node]] : []));
  const whole =
    head.success && problems.length === 0 ? { ...head.data, nodes: Object.fromEntries(right) } : null;
  return { flow, problems, text: whole };
}

/** Every text anywhere in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
