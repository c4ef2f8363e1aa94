import type { LegId, RecordingId } from '../../services/events/ids.ts';
import type { TelephonyFact, TelephonyPort } from '../../services/runtime/telephony-port.ts';

/** An agent's phone in the hands of a contract test. */
export type RigPhone = {
  unregisters(): Promise<void>;
  answers(): Promise<void>;
  declines(): Promise<void>;
  hangsUp(): Promise<void>;
  holds(): Promise<void>;
  resumes(): Promise<void>;
  vanishes(): Promise<void>;
  /** Presses the transfer key: for a number, or for another call of the phone (null) of which nobody else knows. Waits for no answer. */
  asksTransfer(number: string | null): Promise<void>;
  /** Waits until the phone has heard what came of it. */
  transferAnswer(): Promise<'accepted' | 'refused'>;
};

export type RigCaller = {
  presses(digit: string): Promise<void>;
  hangsUp(): Promise<void>;
};

/** Who is on a leg. */
export type RigParty = { legId: LegId; phone: RigPhone | RigCaller };

/** A telephone system with its callers and phones: the fake, or Asterisk with real SIP. */
export type Rig = TelephonyPort & {
  /** Everything told so far, in order. */
  readonly facts: readonly TelephonyFact[];
  /** Waits until the probe gives something. */
  until<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>): Promise<T>;
  /** Dials; does not wait for anything. */
  dials(call: { number: string; from: string }): Promise<RigCaller>;
  /** The agent's SIP phone, registered. */
  phone(agent: string): Promise<RigPhone>;
  /** A telephone in the outside world that takes calls to any number: somebody a caller is put through to, or a customer. */
  outside(number: string, as: 'callee' | 'customer'): Promise<RigPhone>;
  /** Lets time pass, with whoever is on the line speaking. */
  lasts(ms: number): Promise<void>;
  /** Waits until the recorder has said its beep and runs. */
  recorderRuns(recordingId: RecordingId): Promise<void>;
  /** Whether the file of a recording holds what the caller said. */
  recorded(recordingId: RecordingId): Promise<boolean>;
  /** Waits until caller and agent hear each other. */
  talking(caller: LegId, agentLeg: LegId, phone: RigPhone, callerPhone: RigCaller | RigPhone): Promise<void>;
  /** Waits until each of these, and nobody else of them, hears all the others. */
  together(...parties: readonly RigParty[]): Promise<void>;
  /** Waits until this one hears neither anybody's voice nor music. */
  silence(party: RigParty): Promise<void>;
  /** Waits until the caller hears music. */
  music(caller: LegId, callerPhone: RigCaller | RigPhone): Promise<void>;
  /** Cuts and restores the connection between controller and telephone system. */
  disconnects(): Promise<void>;
  connects(): Promise<void>;
  /** What is left of calls in the telephone system. */
  leftOver(): Promise<string[]>;
  close(): Promise<void>;
};
