import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { flowPanels } from './flow.ts';
import { kpiPanels } from './kpis.ts';
import { nowPanels } from './now.ts';
import { prometheusSource } from './panels.ts';
import { platformPanels } from './platform.ts';

/**
 * The first dashboard: one page for an operator. In Grafana's older ("v1") dashboard format although the library
 * prefers the newer one: every Grafana since 10 reads it from a file.
 */
export function overview(): Dashboard {
  const dashboard = new DashboardBuilder('热线总览 Hotline overview')
    .uid('hotline-overview')
    .description(
      '由代码生成，请勿在 Grafana 中修改。Generated from code (dashboards/grafana); edit it there.',
    )
    .tags(['hotline', 'generated'])
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-6h', to: 'now' })
    .refresh('10s')
    .readonly()
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('queue')
        .label('队列 Queue')
        .datasource(prometheusSource)
        .query('label_values(hotline_queue_offered_total, queue)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue('.*'),
    );
  const rows = [
    ['现在 Now', nowPanels()],
    ['指标 KPIs', kpiPanels()],
    ['话务 Traffic', flowPanels()],
    ['平台 Platform', platformPanels()],
  ] as const;
  // Ids by position: a link to one panel stays right as long as the panel stays where it is.
  let id = 0;
  for (const [title, panels] of rows) {
    dashboard.withRow(new RowBuilder(title).id(++id));
    for (const panel of panels) dashboard.withPanel(panel.id(++id));
  }
  return dashboard.build();
}

/** The dashboard as the file Grafana reads. */
export const overviewJson = (): string => `${JSON.stringify(overview(), null, 2)}\n`;
