import { parser } from '@prometheus-io/lezer-promql';

/** What an expression asks for: each metric with the labels it is selected by. */
export type Selector = { metric: string; labels: string[] };

/** Reads a PromQL expression. `problem` says where it does not parse; null when it does. Pure. */
export function readPromql(expression: string): { problem: string | null; selectors: Selector[] } {
  const text = withoutVariables(expression);
  const selectors: Selector[] = [];
  let problem: string | null = null;
  let current: Selector | undefined;
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) {
        problem ??= `does not parse at column ${node.from + 1} ("${text.slice(node.from, node.from + 20)}")`;
      } else if (node.name === 'VectorSelector') {
        current = { metric: '', labels: [] };
        selectors.push(current);
      } else if (node.name === 'Identifier' && current !== undefined && current.metric === '') {
        current.metric = text.slice(node.from, node.to);
      } else if (node.name === 'LabelName' && current !== undefined) {
        current.labels.push(text.slice(node.from, node.to));
      }
    },
    leave(node) {
      if (node.name === 'VectorSelector') current = undefined;
    },
  });
  return { problem, selectors };
}

/** Grafana fills these in before Prometheus sees the expression. */
const withoutVariables = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '1h');
