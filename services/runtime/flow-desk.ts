import { Worker } from 'node:worker_threads';
import { asId, type FlowId } from '../events/ids.ts';
import type { FlowActivated } from '../events/self-service.ts';
import { buildFlow } from '../ivr/build-flow.ts';
import type { Problem } from '../ivr/check/problem.ts';
import type { Flow } from '../ivr/flow.ts';
import type { FlowText } from '../ivr/flow-text.ts';
import { CentreError } from './centre-file.ts';
import { flowIdOf, readFlowSources } from './flow-files.ts';
import { type Activation, hashOf } from './flow-store.ts';
import { type FlowPlaces, flowStoreOf } from './flows-in-force.ts';
import type { LiveFlowShelf } from './live-flow-shelf.ts';

/** A flow with its versions, the newest first. */
export type FlowOverview = {
  readonly flow: string;
  /** null: goes by its file, and has never been activated. */
  readonly inForce: Activation | null;
  readonly versions: readonly Activation[];
  /** Whether the file that people write says something else than what is in force; null when there is none. */
  readonly fileDiffers: boolean | null;
};

export type ActivationResult =
  | { readonly ok: true; readonly activation: Activation }
  | {
      readonly ok: false;
      readonly code: 'unknown-flow' | 'unknown-version' | 'unchanged' | 'refused' | 'busy';
      readonly message: string;
      readonly problems: readonly Problem[];
    };

/** What people ask for about flows. */
export interface FlowDesk {
  flows(): FlowOverview[];
  /** null when there is no such version. */
  version(flow: string, version: number): Flow | null;
  /** Puts a flow's file in force, or (`version`) an old version's text again. Checked first; refused whole, and then the old one stays. */
  activate(request: { flow: string; version: number | null; by: string }): Promise<ActivationResult>;
}

export type FlowDeskOptions = {
  readonly places: FlowPlaces;
  readonly shelf: LiveFlowShelf;
  readonly now: () => number;
  /** Records it, and tells whoever watches. */
  readonly record: (event: FlowActivated) => void;
};

/** What the worker answers: every problem, and the text when there are none that forbid it. */
export type CheckAnswer = { readonly problems: readonly Problem[]; readonly text: FlowText | null };

/** How long a check may take; far more than any needs. */
const checkWithinMs = 20_000;

/** @returns the desk of the controller that acts: the only one that writes versions. */
export function createFlowDesk({ places, shelf, now, record }: FlowDeskOptions): FlowDesk {
  const store = flowStoreOf(places);
  let busy = false;

  async function activate({ flow, version, by }: { flow: string; version: number | null; by: string }) {
    const candidate = version === null ? fileOf(places, flow) : store.read(flow, version);
    if (!candidate)
      return refusal(
        version === null ? 'unknown-flow' : 'unknown-version',
        version === null
          ? `There is no flow "${flow}" in ${places.flowsDir}.`
          : `Flow "${flow}" has no version ${version}.`,
      );
    const current = store.inForce().get(flow);
    if (current?.hash === hashOf(candidate.text))
      return refusal('unchanged', `This is what is in force already, as version ${current.version}.`);
    const { problems, text } = await checkApart({ places, flow, file: candidate.file, text: candidate.text });
    if (text === null)
      return refusal('refused', `Flow "${flow}" is not put in force; the one before stays.`, problems);
    const activation = store.activate({
      flow,
      text: candidate.text,
      at: now(),
      by,
      rollsBackTo: version,
    });
    shelf.put(buildFlow(text, activation.version));
    record({
      type: 'FlowActivated',
      flow: asId<FlowId>(flow),
      version: activation.version,
      by,
      rollsBackTo: version,
    });
    return { ok: true as const, activation };
  }

  return {
    flows: () => overview(places),
    version: (flow, version) => shelf.version(asId<FlowId>(flow), version) ?? null,
    async activate(request) {
      if (busy) return refusal('busy', 'Another activation is under way; try again.');
      busy = true;
      try {
        return await activate(request);
      } finally {
        busy = false;
      }
    },
  };
}

/** Every flow with its versions, as kept in this home. */
export function overview(places: FlowPlaces): FlowOverview[] {
  const activations = flowStoreOf(places).activations();
  const files = new Map(readFlowSources(places.flowsDir).map(({ text }) => [flowIdOf(text), hashOf(text)]));
  const names = new Set([...files.keys(), ...activations.map(({ flow }) => flow)]);
  return [...names].toSorted().map((flow) => {
    const versions = activations.filter((one) => one.flow === flow).toReversed();
    const [inForce = null] = versions;
    const file = files.get(flow);
    return { flow, inForce, versions, fileDiffers: file === undefined ? null : file !== inForce?.hash };
  });
}

function fileOf(places: FlowPlaces, flow: string): { file: string; text: string } | null {
  try {
    return readFlowSources(places.flowsDir).find(({ text }) => flowIdOf(text) === flow) ?? null;
  } catch (error) {
    if (error instanceof CentreError) return null;
    throw error;
  }
}

const refusal = (
  code: Extract<ActivationResult, { ok: false }>['code'],
  message: string,
  problems: readonly Problem[] = [],
): ActivationResult => ({ ok: false, code, message, problems });

export type CheckRequest = {
  readonly places: FlowPlaces;
  readonly flow: string;
  readonly file: string;
  readonly text: string;
};

/** Checks in a thread of its own: calls do not wait for it. */
function checkApart(request: CheckRequest): Promise<CheckAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./flow-check-worker.ts', import.meta.url), { workerData: request });
    const tooLong = setTimeout(() => {
      void worker.terminate();
      reject(new Error(`the check of flow "${request.flow}" took longer than ${checkWithinMs} ms`));
    }, checkWithinMs);
    worker.once('message', (answer: CheckAnswer) => resolve(answer));
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(tooLong);
      reject(new Error(`the check of flow "${request.flow}" ended with ${code}`));
    });
  });
}
