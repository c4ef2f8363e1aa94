import { join } from 'node:path';
import { asId, type FlowId } from '../../services/events/ids.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import type { ActivationResult, FlowDesk } from '../../services/runtime/flow-desk.ts';
import { loadFlows } from '../../services/runtime/flow-files.ts';
import type { Activation } from '../../services/runtime/flow-store.ts';

const dialplans = join(import.meta.dirname, '../../dialplans');
const monday = Date.parse('2026-03-02T10:00:00+08:00');

let read: ReturnType<typeof loadFlows> | null = null;
/** Read once in a process: every server of a test gets them. */
function demoFlows(): ReturnType<typeof loadFlows> {
  read ??= loadFlows(
    join(dialplans, 'ivr'),
    join(dialplans, 'prompts'),
    loadCentre(join(dialplans, 'centre.yaml')),
  );
  return read;
}

/** The demo's flows with a history, in memory; what is asked for is answered by `answer`, or done. */
export function fakeFlowDesk(answer?: (flow: string) => ActivationResult | null): FlowDesk & {
  readonly history: Activation[];
} {
  const flows = demoFlows();
  const history: Activation[] = [...flows.keys()].map((flow) => ({
    flow,
    version: 1,
    at: monday,
    by: 'set-up',
    hash: '0',
    rollsBackTo: null,
  }));
  return {
    history,
    flows: () =>
      [...flows.keys()].map((flow) => {
        const versions = history.filter((one) => one.flow === flow).toReversed();
        return { flow, inForce: versions[0] ?? null, versions, fileDiffers: flow === '95598' };
      }),
    version: (flow, version) =>
      history.some((one) => one.flow === flow && one.version === version)
        ? (flows.get(asId<FlowId>(flow)) ?? null)
        : null,
    async activate({ flow, version, by }) {
      const told = answer?.(flow);
      if (told) return told;
      if (!flows.has(asId<FlowId>(flow)))
        return { ok: false, code: 'unknown-flow', message: `There is no flow "${flow}".`, problems: [] };
      const newest = Math.max(...history.filter((one) => one.flow === flow).map((one) => one.version));
      const activation: Activation = {
        flow,
        version: newest + 1,
        at: monday + newest * 3_600_000,
        by,
        hash: String(newest),
        rollsBackTo: version,
      };
      history.push(activation);
      return { ok: true, activation };
    },
  };
}
