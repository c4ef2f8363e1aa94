import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';

/** The dashboard's variable for the Prometheus to ask, so that the file fits any Grafana. */
export const prometheusSource = { type: 'prometheus', uid: '$datasource' };

/** One line or number of a panel; `legend` may name labels as `{{queue}}`. */
export type Query = { expr: string; legend: string };
/** Units as Grafana calls them. `ratio` is a number 0…1 shown in per cent. */
export type Unit = 'short' | 's' | 'ratio' | 'perMinute' | 'bytes';
/** From which value on a colour applies; the first one begins at −∞. */
export type Step = { from: number | null; colour: 'green' | 'yellow' | 'red' | 'text' };

export type PanelSpec = {
  title: string;
  /** What the number means, shown at the panel's corner. */
  description: string;
  unit: Unit;
  queries: Query[];
  steps?: Step[];
  /** Height and width in Grafana's grid: 24 columns a row. */
  height: number;
  width: number;
};

const grafanaUnits: Record<Unit, string> = {
  short: 'short',
  s: 's',
  ratio: 'percentunit',
  perMinute: 'opm',
  bytes: 'bytes',
};

/** A big number: what is true now, or with `total` one value for the whole time range. */
export function stat(spec: PanelSpec & { total?: boolean }): StatPanel {
  const panel = new StatPanel()
    .title(spec.title)
    .description(spec.description)
    .datasource(prometheusSource)
    .unit(grafanaUnits[spec.unit])
    .noValue('–')
    .height(spec.height)
    .span(spec.width)
    .thresholds(thresholds(spec.steps ?? [{ from: null, colour: 'text' }]))
    .colorMode(BigValueColorMode.Value)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .graphMode(spec.total ? BigValueGraphMode.None : BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  if (spec.unit === 'ratio') panel.decimals(1).min(0).max(1);
  return spec.queries.reduce((p, query, i) => {
    const one = target(query, i);
    return p.withTarget(spec.total ? one.instant() : one.range());
  }, panel);
}

/** Lines over time. Thresholds are drawn as dashed lines; `stacked` for parts of a whole. */
export function lines(spec: PanelSpec & { stacked?: boolean }): TimeSeriesPanel {
  const panel = new TimeSeriesPanel()
    .title(spec.title)
    .description(spec.description)
    .datasource(prometheusSource)
    .unit(grafanaUnits[spec.unit])
    .height(spec.height)
    .span(spec.width)
    .min(0)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .lineWidth(2)
    .fillOpacity(spec.stacked ? 40 : 8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (spec.unit === 'ratio') panel.axisSoftMax(1);
  if (spec.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (spec.steps) {
    panel
      .thresholds(thresholds(spec.steps))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return spec.queries.reduce((p, query, i) => p.withTarget(target(query, i).range()), panel);
}

const thresholds = (steps: Step[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ from, colour }) => ({ value: from, color: colour })));

const target = ({ expr, legend }: Query, i: number): DataqueryBuilder =>
  new DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + i))
    .datasource(prometheusSource)
    .expr(expr)
    .legendFormat(legend);
