import { parse } from 'yaml';
import type { FlowId } from '../../services/events/ids.ts';
import { buildFlow } from '../../services/ivr/build-flow.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { flowText } from '../../services/ivr/flow-text.ts';

/** Flows from their texts, unchecked but for their shape. */
export const flowsOf = (...texts: readonly string[]): ReadonlyMap<FlowId, Flow> =>
  new Map(texts.map((yaml) => flowOf(yaml)).map((flow) => [flow.id, flow]));

function flowOf(yaml: string): Flow {
  const text = flowText.parse(parse(yaml));
  return buildFlow(text, text.version);
}
