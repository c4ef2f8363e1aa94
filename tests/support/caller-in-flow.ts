import type { CallId, LegId } from '../../services/events/ids.ts';
import { everyKindFlows } from './read-flows.ts';
import { type SimulatedHotline, simulateHotline } from './simulated-hotline.ts';

/** A simulated hotline whose flows have a node of every kind. */
export const everyKindHotline = (options: Parameters<typeof simulateHotline>[0] = {}): SimulatedHotline =>
  simulateHotline({ flows: everyKindFlows, ...options });

/** A caller of a simulated hotline, and what a listener would notice. */
export class CallerInFlow {
  readonly leg: LegId;
  readonly #hotline: SimulatedHotline;

  constructor(hotline: SimulatedHotline, from = '13800138000', to = '95598') {
    this.#hotline = hotline;
    this.leg = hotline.call(to, from);
  }

  get call() {
    return this.#hotline.engine.state.world.calls.get(this.leg as string as CallId);
  }

  /** Nothing is being said or looked up: the call waits for keys, or in a queue. */
  waits(): boolean {
    const { call } = this;
    if (!call || call.stage.kind === 'arriving') return false;
    return (
      call.stage.kind !== 'ivr' ||
      (call.playback === null && (call.lookup === null || call.lookup.result !== null))
    );
  }

  isGone(): boolean {
    return this.#hotline.of(this.leg, 'CallEnded').length > 0;
  }

  now(): { node: string | null; attempts: number } {
    return { node: this.call?.node ?? null, attempts: this.call?.attempts ?? 0 };
  }

  /** Presses these keys quickly one after the other. */
  presses(keys: string): void {
    for (const key of keys) {
      this.#hotline.telephony.callerPresses(this.leg, key);
      this.#hotline.pass(120);
    }
  }

  isAt(node: string): void {
    this.#hotline.until(() => this.call?.node === node, `the caller is at ${node}`);
  }

  /** Waits until the node has said what it says. */
  hearsOut(node: string): void {
    this.isAt(node);
    this.#hotline.until(() => this.call?.playback === null, `${node} has been heard`);
  }

  hangsUp(): void {
    this.#hotline.telephony.callerHangsUp(this.leg);
    this.#hotline.untilEnded(this.leg);
  }

  /** Nodes entered so far. */
  path(): string[] {
    return this.#hotline.of(this.leg, 'FlowNodeEntered').map(({ node }) => node);
  }

  /** Prompts begun so far. */
  heard(): string[] {
    return this.#hotline.of(this.leg, 'PromptStarted').flatMap(({ prompts }) => prompts);
  }

  record() {
    this.#hotline.untilEnded(this.leg);
    return this.#hotline.record(this.leg);
  }
}
