import type { TestTools } from '../../infra/tools/types.ts';
import { type BaresipOptions, type BaresipPhone, startBaresip } from './baresip.ts';
import type { CallOutcome } from './call-outcome.ts';
import { type CallOptions, type CallResult, call, type LoadOptions, load, startCall } from './caller.ts';
import { SipPhone, type SipPhoneOptions } from './sip-phone.ts';
import type { ScriptStep, SippCall } from './sipp-call.ts';

/** Where a carrier's calls come from: Asterisk knows its trunk by this address. */
export const TRUNK_IP = '127.0.0.2';

type Given<Options> = Omit<Options, 'sipp' | 'baresip' | 'modulesDir' | 'target' | 'sipPort'>;

/**
 * All telephones of a test against one Asterisk: callers by sipp, agents by baresip or by our own SIP phone.
 * `stopAll` after each test leaves none behind.
 */
export class Telephones {
  readonly #tools: Pick<TestTools, 'sipp' | 'baresip' | 'baresipModulesDir'>;
  readonly #sipPort: number;
  #open: { stop(): Promise<unknown> }[] = [];
  #phones: SipPhone[] = [];

  constructor(tools: Pick<TestTools, 'sipp' | 'baresip' | 'baresipModulesDir'>, sipPort: number) {
    this.#tools = tools;
    this.#sipPort = sipPort;
  }

  /** A caller whom the test leads by hand; returns as soon as the INVITE is on its way. */
  async dial(to: string, options: Omit<Given<CallOptions>, 'to'> = {}): Promise<SippCall> {
    // Patient: a key by INFO may be answered before sipp looks for the answer.
    const caller = await startCall({ ...this.#caller(), patient: true, to, ...options });
    this.#open.push(caller);
    return caller.call;
  }

  /** A whole call by script. */
  call(
    to: string,
    script: readonly ScriptStep[],
    options: Omit<Given<CallOptions>, 'to'> = {},
  ): Promise<CallResult> {
    return call({ ...this.#caller(), to, script, ...options });
  }

  /** Many callers, each by its own script. */
  load(options: Given<LoadOptions>): Promise<CallOutcome[]> {
    return load({ ...this.#caller(), ...options });
  }

  /** An agent's real softphone, registered. */
  async baresip(options: Given<BaresipOptions>): Promise<BaresipPhone> {
    const { baresip, baresipModulesDir: modulesDir } = this.#tools;
    const phone = await startBaresip({ baresip, modulesDir, sipPort: this.#sipPort, ...options });
    this.#open.push(phone);
    return phone;
  }

  /** An agent's phone of our own, registered. */
  async phone(options: Given<SipPhoneOptions>): Promise<SipPhone> {
    const phone = await this.#openPhone(options);
    await phone.register();
    return phone;
  }

  /** A caller by our own phone from the trunk's address: for races that sipp's 10 ms are too coarse for. */
  trunkPhone(number = '13800138000', options: Omit<Given<SipPhoneOptions>, 'user'> = {}): Promise<SipPhone> {
    return this.#openPhone({ ip: TRUNK_IP, user: number, ...options });
  }

  /** Ends all that were opened here. @returns whose phones were registered until then */
  async stopAll(): Promise<string[]> {
    const [open, phones] = [this.#open, this.#phones];
    this.#open = [];
    this.#phones = [];
    const registered = phones.filter((phone) => phone.registered).map(({ user }) => user);
    await Promise.all(open.map((one) => one.stop()));
    return registered;
  }

  async #openPhone(options: Given<SipPhoneOptions>): Promise<SipPhone> {
    const phone = await SipPhone.open({ sipPort: this.#sipPort, ...options });
    this.#open.push(phone);
    this.#phones.push(phone);
    return phone;
  }

  #caller() {
    return { sipp: this.#tools.sipp, target: { ip: '127.0.0.1', port: this.#sipPort } };
  }
}
