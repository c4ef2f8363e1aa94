import type { CallOutcome } from './call-outcome.ts';
import type { Recording } from './recording.ts';
import type { ScriptStep, SippCall } from './sipp-call.ts';
import { SippCallers, type SippOptions } from './sipp-callers.ts';

export { seeded } from './seeded.ts';

/** A caller from a trunk, by sipp. */
export type CallOptions = Omit<SippOptions, 'dials' | 'ratePerSecond' | 'onCall'> & {
  to: string;
  from?: string;
};

/** A caller whom the test leads by hand. */
export type Caller = {
  call: SippCall;
  /** Ends sipp; a call still open is dropped without a BYE, as when a carrier dies. */
  stop(): Promise<void>;
};

/** What became of a call, and what the caller heard. */
export type CallResult = CallOutcome & { heard: Recording };

/** Dials and returns as soon as the INVITE is on its way. */
export async function startCall({ to, from = '13800138000', ...options }: CallOptions): Promise<Caller> {
  const callers = await SippCallers.start({ ...options, dials: [{ from, to }] });
  try {
    return { call: await callers.first(), stop: () => callers.stop() };
  } catch (error) {
    await callers.stop();
    throw error;
  }
}

/** A whole call by script; a call still open when the script ends is hung up. */
export async function call(options: CallOptions & { script: readonly ScriptStep[] }): Promise<CallResult> {
  const caller = await startCall(options);
  try {
    await caller.call.play(options.script);
    caller.call.hangUp();
    return { ...(await caller.call.ended()), heard: caller.call.media.recording };
  } finally {
    await caller.stop();
  }
}

export type LoadOptions = Omit<SippOptions, 'dials' | 'onCall'> & {
  calls: number;
  ratePerSecond: number;
  to: string;
  /** Callers are numbered from here on, see {@link numberOf}; default 0. */
  firstNumber?: number;
  /** What the caller with this index does. Draw from a seeded source to repeat a run. */
  script: (index: number) => readonly ScriptStep[];
  /** Give up after this long. */
  withinMs: number;
};

/** Many callers by one sipp; one outcome per call, in the order of their INVITEs. */
export async function load({
  calls,
  to,
  script,
  withinMs,
  firstNumber = 0,
  ...options
}: LoadOptions): Promise<CallOutcome[]> {
  const playing: Promise<unknown>[] = [];
  const troubles: string[] = [];
  const callers = await SippCallers.start({
    audio: false,
    ...options,
    dials: Array.from({ length: calls }, (_, i) => ({ from: numberOf(firstNumber + i), to })),
    onCall: (one, index) => {
      const played = one
        .play(script(index))
        .catch((error: unknown) =>
          troubles.push(`call ${index}: ${error instanceof Error ? error.message : error}`),
        )
        .finally(() => one.hangUp());
      playing.push(played);
    },
  });
  try {
    await callers.allOver(withinMs);
    await Promise.all(playing);
    if (troubles.length > 0)
      throw new Error(`${troubles.length} callers could not play their script: ${troubles[0]}`);
    return callers.calls.map(({ outcome }) => outcome);
  } finally {
    await callers.stop();
  }
}

/** The number of the caller with this index: each load caller has its own. */
export function numberOf(index: number): string {
  return `139${String(index).padStart(8, '0')}`;
}
