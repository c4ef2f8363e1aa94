import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDashboards } from '../../dashboards/grafana/generate.ts';
import { exportedMetrics, type KnownMetrics, selectorProblems } from './exported-metrics.ts';
import { readRules } from './prometheus-rules.ts';
import { readPromql } from './promql.ts';

const RULES_DIR = 'infra/prometheus';
const REGENERATE = 'node_modules/.bin/node dashboards/grafana/generate.ts';

/**
 * The dashboards and rules checker: the generated files are what the code makes; each expression parses, and asks only
 * for metrics and labels that exist. One text per problem.
 */
export function grafanaProblems(repoDir: string): string[] {
  const exported = exportedMetrics();
  const files = readdirSync(join(repoDir, RULES_DIR)).filter((name) => name.endsWith('.rules.yml'));
  const rules = files.map((name) =>
    readRules(`${RULES_DIR}/${name}`, readFileSync(join(repoDir, RULES_DIR, name), 'utf8'), exported),
  );
  const recorded = rules.flatMap((r) => r.recorded);
  const known = new Map([...exported, ...recorded.map((name) => [name, null] as const)]);
  return [
    ...rules.flatMap((r) => r.problems),
    ...generatedDashboards().flatMap(({ file, json }) => [
      ...(isWritten(join(repoDir, file), json)
        ? []
        : [`${file}: is not what the code makes: run ${REGENERATE}`]),
      ...dashboardProblems(file, json, known),
    ]),
  ];
}

const isWritten = (path: string, json: string): boolean =>
  existsSync(path) && readFileSync(path, 'utf8') === json;

/** The problems of one dashboard's expressions. Pure. */
export function dashboardProblems(file: string, json: string, known: KnownMetrics): string[] {
  return expressionsOf(JSON.parse(json)).flatMap(({ where, expr }) => {
    const { problem, selectors } = readPromql(expr);
    return [...(problem === null ? [] : [problem]), ...selectorProblems(selectors, known)].map(
      (what) => `${file}: ${where} ${what}`,
    );
  });
}

type Located = { where: string; expr: string };

/** All expressions below a value: panels' targets, and `label_values(metric, label)` of variables as a selector of both. */
function expressionsOf(value: unknown, where = 'dashboard'): Located[] {
  if (Array.isArray(value)) return value.flatMap((item) => expressionsOf(item, where));
  if (typeof value !== 'object' || value === null) return [];
  const title = 'title' in value ? value.title : 'name' in value ? value.name : null;
  const here = typeof title === 'string' ? `"${title}"` : where;
  const own: Located[] = [];
  if ('expr' in value && typeof value.expr === 'string') own.push({ where: here, expr: value.expr });
  if ('query' in value && typeof value.query === 'string') {
    const [, metric, label] = /^label_values\(([^,]+),\s*(\w+)\)$/.exec(value.query) ?? [];
    if (metric !== undefined && label !== undefined)
      own.push({ where: here, expr: `${metric}{${label}!=""}` });
  }
  return [...own, ...Object.values(value).flatMap((item) => expressionsOf(item, here))];
}
