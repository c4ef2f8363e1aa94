import { type CallOutcome, invited, isOver, observe } from './call-outcome.ts';
import type { Media } from './media.ts';
import { EVENT_PAYLOAD_TYPE } from './rtp.ts';
import { readSdp } from './sdp.ts';
import { sequenceOf } from './sip-message.ts';
import { STEER } from './sipp-scenario.ts';
import type { Traced } from './sipp-trace.ts';
import { patienceMs, pause, until } from './until.ts';

/** What a caller does after dialling, step by step. Ends early, without error, when the other side hangs up. */
export type ScriptStep =
  | { answer: true; withinMs?: number }
  | { wait: number }
  | { dtmf: string; by?: KeyPath }
  | { tone: number | undefined }
  | { hears: number; withinMs?: number }
  | { hangUpAfterMs: number }
  | { cancelAfterMs: number }
  | { untilBye: true; withinMs?: number };

/** How a key press travels: in the sound's stream (RFC 4733) or as a SIP INFO. */
export type KeyPath = 'rfc4733' | 'info';

const betweenKeysMs = 150;

/** Sends a steering request into a sipp call. */
export type Steer = (callId: string, method: string, body?: string) => void;

/** One caller of a running sipp: SIP by sipp, sound by us, both observed. */
export class SippCall {
  /** The caller's ear and mouth. */
  readonly media: Media;
  readonly #steer: Steer;
  #outcome: CallOutcome;
  /** Whether it was answered when it was hung up. */
  #hungUp: boolean | undefined;
  #keysByInfo = 0;
  /** Numbers of the requests (CSeq): an answer may come twice. */
  readonly #answeredInfos = new Set<number>();

  constructor(invite: Traced, media: Media, steer: Steer) {
    this.#outcome = invited(invite);
    this.media = media;
    this.#steer = steer;
  }

  get outcome(): CallOutcome {
    return this.#outcome;
  }

  get sipCallId(): string {
    return this.#outcome.sipCallId;
  }

  get over(): boolean {
    return isOver(this.#outcome);
  }

  /** Called for each further message of this call in sipp's trace. */
  observe(traced: Traced): void {
    this.#outcome = observe(this.#outcome, traced);
    const { method, number } = sequenceOf(traced.message);
    if (method === 'INFO' && (traced.message.status ?? 0) >= 200) this.#answeredInfos.add(number);
    const remote = traced.direction === 'received' ? readSdp(traced.message.body) : undefined;
    if (remote && !this.over)
      this.media.connect({ ...remote, eventType: remote.eventType ?? EVENT_PAYLOAD_TYPE });
    if (this.over) this.media.close();
  }

  /** sipp has ended; a call that was not over will never be. */
  lost(at: number): void {
    if (!this.over)
      this.#outcome = { ...this.#outcome, endedBy: this.#outcome.endedBy ?? 'nobody', endedAt: at };
    this.media.close();
  }

  ringing(withinMs = patienceMs): Promise<boolean> {
    return this.#until('to ring', () => this.#outcome.ringingAt !== undefined, withinMs);
  }

  answered(withinMs = patienceMs): Promise<boolean> {
    return this.#until('to be answered', () => this.#outcome.answered, withinMs);
  }

  /** Waits for the end, whoever makes it. */
  async ended(withinMs = patienceMs): Promise<CallOutcome> {
    await this.#until('to end', () => this.over, withinMs);
    return this.#outcome;
  }

  /** Presses keys one after the other; resolves when the last has been sent. */
  async press(keys: string, by: KeyPath = 'rfc4733'): Promise<void> {
    if (by === 'rfc4733') return this.media.say({ dtmf: keys });
    for (const [index, key] of [...keys].entries()) {
      // As quickly as fingers can: each key is a request of its own, and a phone waits for the answer to the one before. sipp would lose them.
      if (index > 0) await pause(betweenKeysMs);
      this.#keysByInfo += 1;
      this.#steer(this.sipCallId, STEER.pressByInfo, `Signal=${key}`);
      await this.#until(
        'to have its key answered',
        () => this.over || this.#answeredInfos.size >= this.#keysByInfo,
        patienceMs,
      );
    }
  }

  /**
   * Hangs up: BYE when answered, CANCEL before. Doesn't wait. Once only: told to while it waits for the answer to its BYE, sipp gives the
   * call up as if it were over, and sends the BYE no more.
   */
  hangUp(): void {
    const { answered } = this.#outcome;
    if (this.over || this.#hungUp === answered) return;
    this.#hungUp = answered;
    this.#steer(this.sipCallId, STEER.hangUp);
  }

  /** Plays a script to its end (or the call's). */
  async play(script: readonly ScriptStep[]): Promise<void> {
    for (const step of script) {
      if (this.over) return;
      await this.#step(step);
    }
  }

  async #step(step: ScriptStep): Promise<void> {
    if ('answer' in step)
      await this.#until('to be answered or over', () => this.#settled, step.withinMs ?? patienceMs);
    else if ('wait' in step) await this.#waitUnlessOver(step.wait);
    else if ('dtmf' in step) await this.press(step.dtmf, step.by);
    else if ('tone' in step) this.media.tone(step.tone);
    else if ('hears' in step) await this.media.hears(step.hears, { withinMs: step.withinMs ?? patienceMs });
    else if ('untilBye' in step) await this.ended(step.withinMs ?? 60_000);
    else {
      await this.#waitUnlessOver('hangUpAfterMs' in step ? step.hangUpAfterMs : step.cancelAfterMs);
      this.hangUp();
      await this.ended();
    }
  }

  get #settled(): boolean {
    return this.#outcome.answered || this.over;
  }

  async #waitUnlessOver(ms: number): Promise<void> {
    const endAt = performance.now() + ms;
    while (!this.over && performance.now() < endAt) await pause(Math.min(20, endAt - performance.now()));
  }

  #until(what: string, probe: () => boolean, withinMs: number): Promise<boolean> {
    const { from, to } = this.#outcome;
    return until(`call from ${from} to ${to} ${what}`, probe, { withinMs, seen: () => this.#outcome });
  }
}
