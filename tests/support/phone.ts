/**
 * idle → dialling → talking → idle
 *      ↘ ringing ↗ (or → idle: declined, or the caller left)
 */
export type PhoneState = 'idle' | 'dialling' | 'ringing' | 'talking';

/** Listening for a tone: how long in a row, how loud (dBFS), and how long we are ready to wait for it. */
export type HearOptions = { forMs?: number; minDbfs?: number; withinMs?: number };

/**
 * An agent's telephone. Two exist: `startBaresip` (an independent real softphone, one process each) and
 * `SipPhone` (our own, exact to the millisecond, any number in one process).
 */
export interface Phone {
  readonly user: string;
  readonly state: PhoneState;
  /** How often it has rung so far. */
  readonly ringCount: number;
  /** Registers; resolves when the registrar has accepted. */
  register(): Promise<void>;
  unregister(): Promise<void>;
  /** Resolves with `answered`, or with why not (`486 Busy Here`). */
  dial(number: string): Promise<string>;
  /** Waits until it rings. */
  incoming(withinMs?: number): Promise<void>;
  /** Picks up; resolves when the call stands (rejects if the caller has left meanwhile). */
  answer(): Promise<void>;
  /** Refuses the ringing call: 486. */
  decline(): Promise<void>;
  /** Ends the call from this side. */
  hangUp(): Promise<void>;
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** Waits until it is in a call. */
  talking(withinMs?: number): Promise<void>;
  /** Waits until it is in no call. */
  idle(withinMs?: number): Promise<void>;
  /** Waits until the other side's tone is heard in the present call. */
  hears(toneHz: number, options?: HearOptions): Promise<void>;
  /** Vanishes without a word, as by a power cut: nothing is unregistered, nothing hung up. */
  kill(): Promise<void>;
  /** Hangs up, unregisters and ends. */
  stop(): Promise<void>;
}
