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

/**
 * The demo's flows with a history, in memory, with the promises of the real desk (tests/core/flow-desk.test.ts). The file of 95598 has been
 * edited since version 1. What is asked for is answered by `answer`, or done.
 */
export function fakeFlowDesk(answer?: (flow: string) => ActivationResult | null): FlowDesk & {
  readonly history: Activation[];
} {
  const flows = demoFlows();
  const fileHashOf = (flow: string) => (flow === '95598' ? 'edited' : '0');
  const refusal = (code: Extract<ActivationResult, { ok: false }>['code'], message: string) =>
    ({ ok: false, code, message, problems: [] }) as const;
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
      [...flows.keys()].toSorted().map((flow) => {
        const versions = history.filter((one) => one.flow === flow).toReversed();
        const [inForce = null] = versions;
        return { flow, inForce, versions, fileDiffers: fileHashOf(flow) !== inForce?.hash };
      }),
    version: (flow, version) =>
      history.some((one) => one.flow === flow && one.version === version)
        ? (flows.get(asId<FlowId>(flow)) ?? null)
        : null,
    async activate({ flow, version, by }) {
      const told = answer?.(flow);
      if (told) return told;
      const versions = history.filter((one) => one.flow === flow);
      const old = versions.find((one) => one.version === version);
      if (version === null && !flows.has(asId<FlowId>(flow)))
        return refusal('unknown-flow', `There is no flow "${flow}".`);
      if (version !== null && !old)
        return refusal('unknown-version', `Flow "${flow}" has no version ${version}.`);
      const hash = old?.hash ?? fileHashOf(flow);
      const current = versions.at(-1);
      if (current?.hash === hash)
        return refusal('unchanged', `This is what is in force already, as version ${current.version}.`);
      const newest = current?.version ?? 0;
      const activation: Activation = {
        flow,
        version: newest + 1,
        at: monday + newest * 3_600_000,
        by,
        hash,
        rollsBackTo: version,
      };
      history.push(activation);
      return { ok: true, activation };
    },
  };
}
