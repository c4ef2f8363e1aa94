import type { LegId } from '../../services/events/ids.ts';
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
};

export type RigCaller = {
  presses(digit: string): Promise<void>;
  hangsUp(): Promise<void>;
};

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
  /** Waits until caller and agent hear each other. */
  talking(caller: LegId, agentLeg: LegId, phone: RigPhone, callerPhone: RigCaller): Promise<void>;
  /** Waits until the caller hears music. */
  music(caller: LegId, callerPhone: RigCaller): Promise<void>;
  /** Cuts and restores the connection between controller and telephone system. */
  disconnects(): Promise<void>;
  connects(): Promise<void>;
  /** What is left of calls in the telephone system. */
  leftOver(): Promise<string[]>;
  close(): Promise<void>;
};
