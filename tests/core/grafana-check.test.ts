import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { overview } from '../../dashboards/grafana/overview.ts';
import { exportedMetrics, selectorProblems } from '../../infra/checks/exported-metrics.ts';
import { dashboardProblems, grafanaProblems } from '../../infra/checks/grafana.ts';
import { readRules } from '../../infra/checks/prometheus-rules.ts';
import { readPromql } from '../../infra/checks/promql.ts';

const exported = exportedMetrics();

test('the dashboards and rules in the repository have no problem', () => {
  expect(grafanaProblems(join(import.meta.dirname, '..', '..'))).toEqual([]);
});

describe('expressions', () => {
  test('metrics and labels are found, also inside functions and aggregations', () => {
    const { problem, selectors } = readPromql(
      'sum by (le) (rate(a_bucket{queue=~"$queue"}[$__rate_interval])) / on (x) b:c > 0',
    );
    expect(problem).toBeNull();
    expect(selectors).toEqual([
      { metric: 'a_bucket', labels: ['queue'] },
      { metric: 'b:c', labels: [] },
    ]);
  });
  test.each(['sum(', 'rate(a[5m]', 'a{queue=}', 'a b', ''])('%j does not parse', (expression) =>
    expect(readPromql(expression).problem).toMatch(/does not parse at column \d+/),
  );
  test('a metric nobody exports, and a label a metric does not have', () => {
    const { selectors } = readPromql('hotline_queue_wait_seconds / hotline_queue_waiting{qeue="x", job="y"}');
    expect(selectorProblems(selectors, exported)).toEqual([
      'asks for hotline_queue_wait_seconds, which nobody exports or records',
      'asks hotline_queue_waiting for the label qeue, which it does not have',
    ]);
  });
});

test('a dashboard’s panel and variable are named in what is wrong with them', () => {
  const dashboard = {
    panels: [{ title: 'Waiting', targets: [{ expr: 'nothing_like_it' }] }],
    templating: { list: [{ name: 'queue', query: 'label_values(hotline_queue_waiting, que)' }] },
  };
  expect(dashboardProblems('d.json', JSON.stringify(dashboard), exported)).toEqual([
    'd.json: "Waiting" asks for nothing_like_it, which nobody exports or records',
    'd.json: "queue" asks hotline_queue_waiting for the label que, which it does not have',
  ]);
});

describe('rules', () => {
  const file = (rule: string) => `groups:\n  - name: g\n    rules:\n      - ${rule}\n`;
  test('a recording rule can be asked for by another', () => {
    const both = `${file('{ record: "q:x:sum", expr: "sum(hotline_queue_waiting)" }')}      - { record: "q:y:sum", expr: "q:x:sum" }\n`;
    expect(readRules('r', both, exported)).toEqual({ problems: [], recorded: ['q:x:sum', 'q:y:sum'] });
  });
  test('an alert without words in both languages is refused', () => {
    const rule = '{ alert: A, expr: "up == 0", labels: { severity: critical }, annotations: { summary: x } }';
    expect(readRules('r', file(rule), exported).problems).toHaveLength(1);
  });
  test('a metric nobody exports is named with its rule', () => {
    expect(
      readRules('r', file('{ record: "q:x:sum", expr: "sum(hotline_oops)" }'), exported).problems,
    ).toEqual(['r: q:x:sum asks for hotline_oops, which nobody exports or records']);
  });
});

describe('the overview', () => {
  const panels = (overview().panels ?? []) as {
    id?: number;
    type: string;
    title?: string;
    description?: string;
    gridPos?: { x: number; w: number };
  }[];
  test('panels have ids of their own, a title in both languages, and say what they show', () => {
    const ids = panels.map((p) => p.id);
    expect(new Set(ids).size).toBe(panels.length);
    for (const panel of panels) {
      expect(panel.title).toMatch(/[A-Za-z]/);
      if (panel.type === 'row') continue;
      expect(panel.title).toMatch(/\p{Script=Han}/u);
      expect(panel.description).toMatch(/\p{Script=Han}.*[A-Za-z]/u);
    }
  });
  test('no panel reaches over the edge of the grid', () => {
    for (const { gridPos } of panels) expect((gridPos?.x ?? 0) + (gridPos?.w ?? 0)).toBeLessThanOrEqual(24);
  });
});
