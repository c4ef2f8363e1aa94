import type { CallCommand } from '../../../services/agents/call-commands.ts';
import type { AgentIntent } from '../../../services/events/events.ts';
import type { PhoneBehaviour } from '../fake-telephony.ts';

/** Something that people, phones or the network do of themselves. Data, so that a day that fails can be told, and cut down. */
export type Deed = {
  /** Since the day began, in ms. */
  readonly at: number;
} & (
  | {
      readonly do: 'caller';
      readonly from: string;
      readonly number: string;
      /** What is keyed in, and when, counted from the INVITE. */
      readonly keys: readonly (readonly [afterMs: number, key: string])[];
      readonly leavesAfterMs: number;
      /** Without a word: the end of sound ends the leg. */
      readonly vanishes: boolean;
    }
  | { readonly do: 'phone-behaves'; readonly agent: string; readonly behaviour: PhoneBehaviour }
  | { readonly do: 'phone'; readonly agent: string; readonly act: PhoneAct }
  | { readonly do: 'agent-wants'; readonly agent: string; readonly intent: AgentIntent }
  | { readonly do: 'agent-dials'; readonly agent: string; readonly number: string }
  /** What agents do with their call from the desk; `who` is the agent's number. */
  | { readonly do: 'call-control'; readonly control: CallCommand }
  /** The transfer key of the agent's phone. */
  | { readonly do: 'transfer-key'; readonly agent: string; readonly number: string | null }
  | { readonly do: 'more-wrap-up'; readonly agent: string; readonly byMs: number }
  | { readonly do: 'reserve'; readonly queue: string; readonly on: boolean }
  | { readonly do: 'outside-behaves'; readonly number: string; readonly behaviour: PhoneBehaviour }
  /** The oldest promise of a callback is taken back by a lead. */
  | { readonly do: 'callback-taken-back' }
  | { readonly do: 'switch'; readonly name: string; readonly on: boolean }
  | { readonly do: 'sources-take'; readonly ms: number }
  | { readonly do: 'clock-jumps'; readonly ms: number }
  | { readonly do: 'asterisk-restarts' }
  | { readonly do: 'connection-lost'; readonly awayMs: number; readonly died: boolean }
  /** `kill -9`; with `muteMs`, what is decided in the last moments before it is never sent. */
  | {
      readonly do: 'controller-killed';
      readonly muteMs: number | null;
      readonly awayMs: number;
      /** The definition of the centre by which the next one goes (centres.ts). */
      readonly centre: number;
    }
  /** The controller's process is stopped for so long, and the world goes on. */
  | { readonly do: 'controller-stands-still'; readonly ms: number }
);

export type PhoneAct = 'registers' | 'unregisters' | 'vanishes' | 'hangsUp' | 'holds' | 'resumes';

/** One line of a story, as it is printed of a day that failed. */
export function inWords({ at, ...deed }: Deed): string {
  const { do: what, ...rest } = deed;
  const time = new Date(at).toISOString().slice(11, 23);
  return `${time}  ${what}  ${Object.entries(rest)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ')}`;
}
