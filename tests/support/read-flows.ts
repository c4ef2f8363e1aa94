import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { FlowId } from '../../services/events/ids.ts';
import { buildFlow } from '../../services/ivr/build-flow.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { flowText } from '../../services/ivr/flow-text.ts';

/**
 * Flows of the tests' own: tests of the engine do not hang on what the hotlines say. `small`: a greeting, a menu, an announcement and a
 * queue for each hotline. `every-kind`: 95598 has a node of every kind. `calling-out`: voicemail, a transfer, callbacks.
 */
export const flowsFolder = (name: 'small' | 'every-kind' | 'lookups' | 'calling-out'): string =>
  join(import.meta.dirname, 'flows', name);

/** All flows of a folder, unchecked but for their shape. */
export function readFlows(name: Parameters<typeof flowsFolder>[0]): ReadonlyMap<FlowId, Flow> {
  const folder = flowsFolder(name);
  return flowsOf(...readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')));
}

export const smallFlows = readFlows('small');
export const everyKindFlows = readFlows('every-kind');

/** Flows from their texts. */
export function flowsOf(...texts: readonly string[]): ReadonlyMap<FlowId, Flow> {
  const flows = texts.map((yaml) => {
    const text = flowText.parse(parse(yaml));
    return buildFlow(text, text.version);
  });
  return new Map(flows.map((flow) => [flow.id, flow]));
}
