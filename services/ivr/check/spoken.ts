import type { NodeText, SpokenText } from '../flow-text.ts';
import type { Path } from './source.ts';

/** Fields of nodes in which something is said. */
const spokenFields = ['prompts', 'noInput', 'invalidKey', 'invalidEntry'] as const;

export type SpokenAt = { readonly spoken: SpokenText; readonly at: Path };

/** All that a node may say, with the field in which it stands. */
export function spokenOf(node: NodeText): SpokenAt[] {
  const fields: Record<string, unknown> = node;
  const own = spokenFields.flatMap((field) =>
    ((fields[field] as SpokenText[] | undefined) ?? []).map((spoken, i) => ({ spoken, at: [field, i] })),
  );
  const waiting = node.kind === 'enqueue' ? (node.whileWaiting?.prompts ?? []) : [];
  return [...own, ...waiting.map((spoken, i) => ({ spoken, at: ['whileWaiting', 'prompts', i] }))];
}

/** Prompts named by something said, with the place of each. */
export function promptsOf({ spoken, at }: SpokenAt): { prompt: string; at: Path }[] {
  if (typeof spoken === 'string') return [{ prompt: spoken, at }];
  if ('choice' in spoken)
    return [
      ...Object.entries(spoken.prompts).map(([value, prompt]) => ({ prompt, at: [...at, 'prompts', value] })),
      { prompt: spoken.otherwise, at: [...at, 'otherwise'] },
    ];
  return 'count' in spoken && spoken.of !== undefined ? [{ prompt: spoken.of, at: [...at, 'of'] }] : [];
}

/** The variable a spoken value comes from, and as what it is spoken; null for a prompt. */
export function variableOf(spoken: SpokenText): { variable: string; as: SpokenAs } | null {
  if (typeof spoken === 'string') return null;
  if ('amount' in spoken) return { variable: spoken.amount, as: 'amount' };
  if ('digits' in spoken) return { variable: spoken.digits, as: 'digits' };
  if ('count' in spoken) return { variable: spoken.count, as: 'count' };
  if ('date' in spoken) return { variable: spoken.date, as: 'date' };
  if ('time' in spoken) return { variable: spoken.time, as: 'time' };
  return { variable: spoken.choice, as: 'choice' };
}
export type SpokenAs = 'amount' | 'digits' | 'count' | 'date' | 'time' | 'choice';
