import { parse } from 'yaml';
import * as z from 'zod';
import { type KnownMetrics, selectorProblems } from './exported-metrics.ts';
import { readPromql } from './promql.ts';

const text = z.string().min(1);
const recordingRule = z.strictObject({ record: text, expr: text, labels: z.record(text, text).optional() });
/** Every alert tells both what is wrong and what to do, in both languages. */
const alertingRule = z.strictObject({
  alert: text,
  expr: text,
  for: text.optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({ summary: text, summary_zh_CN: text, action: text, action_zh_CN: text }),
});
const rulesFile = z.object({
  groups: z.array(
    z.object({
      name: text,
      interval: text.optional(),
      rules: z.array(z.union([recordingRule, alertingRule])),
    }),
  ),
});
type Rule = z.infer<typeof recordingRule> | z.infer<typeof alertingRule>;

const nameOf = (rule: Rule): string => ('record' in rule ? rule.record : rule.alert);

/** The problems of a rules file, and the names its recording rules add to what can be asked for. Pure. */
export function readRules(
  file: string,
  content: string,
  exported: KnownMetrics,
): { problems: string[]; recorded: string[] } {
  const parsed = rulesFile.safeParse(parse(content));
  if (!parsed.success) return { problems: [`${file}: ${z.prettifyError(parsed.error)}`], recorded: [] };
  const rules = parsed.data.groups.flatMap((group) => group.rules);
  const recorded = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []));
  const known = new Map([...exported, ...recorded.map((name) => [name, null] as const)]);
  const problems = rules.flatMap((rule) => {
    const { problem, selectors } = readPromql(rule.expr);
    return [...(problem === null ? [] : [problem]), ...selectorProblems(selectors, known)].map(
      (what) => `${file}: ${nameOf(rule)} ${what}`,
    );
  });
  return { problems, recorded };
}
