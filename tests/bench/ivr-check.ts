import { checkFlows } from '../../services/ivr/check/check-flows.ts';
import { inWords } from '../../services/ivr/check/problem.ts';
import { bigFlow } from '../support/big-flow.ts';
import { smallSurroundings } from '../support/flow-surroundings.ts';
import type { Benchmark } from './figure.ts';
import { rounded } from './statistics.ts';

/** A generated flow of about 200 nodes, read and proved from its text: the first time in a process, and when all code is warm. */
export const ivrCheck: Benchmark = async ({ quick }) => {
  const text = bigFlow(200);
  const nodes = text.match(/^ {4}kind: /gm)?.length ?? 0;
  const times = Array.from({ length: quick ? 5 : 20 }, () => {
    const begun = performance.now();
    const problems = checkFlows([{ file: 'big.yaml', text }], smallSurroundings);
    const took = performance.now() - begun;
    if (problems.length > 0)
      throw new Error(`the flow has problems: ${problems.slice(0, 3).map(inWords).join('; ')}`);
    return took;
  });
  const [first = 0, ...others] = times;
  const detail = {
    nodes,
    lines: text.split('\n').length,
    laterMedianMs: rounded(others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0, 1),
    slowestMs: rounded(Math.max(...times), 1),
  };
  return [
    {
      what: 'a flow of 200 nodes checked, first time',
      unit: 'ms',
      value: first,
      budget: { atMost: 1_000 },
      detail,
    },
  ];
};
