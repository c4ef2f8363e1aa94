import { expect } from 'vitest';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import type { ApiClient } from './api-client.ts';
import type { BaresipPhone } from './baresip.ts';
import { type Instance, startInstance } from './instance.ts';
import { Ledger } from './ledger.ts';
import { metricSum } from './metrics-text.ts';
import { flowsFolder } from './read-flows.ts';
import type { SipPhone, SipPhoneOptions } from './sip-phone.ts';
import type { SippCall } from './sipp-call.ts';
import { Telephones } from './telephones.ts';
import { type TestCentreOptions, writeTestCentre } from './test-centre.ts';
import { patienceMs, until } from './until.ts';

type LiveAgent = LiveSnapshot['agents'][number];
type LiveCall = LiveSnapshot['calls'][number];

/** A whole running service with its telephones, as system tests use it: people act on the left, records are read on the right. */
export class HotlineAtWork {
  readonly instance: Instance;
  readonly phones: Telephones;
  readonly ledger: Ledger;
  readonly lead: ApiClient;
  readonly #removeCentre: () => void;
  #callers: SippCall[] = [];

  private constructor(instance: Instance, lead: ApiClient, removeCentre: () => void) {
    this.instance = instance;
    this.lead = lead;
    this.phones = new Telephones(instance.tools, instance.sipPort);
    this.ledger = new Ledger(instance);
    this.#removeCentre = removeCentre;
  }

  /**
   * Wrap-up takes 1 s by default. A phone rings for 10 s: longer than a busy machine takes from a test's look at it to its answer; a test
   * that is to see a ring end by itself makes it shorter (`serving`). And small flows of the tests' own: a greeting, a menu with 0 and 1,
   * a queue. `env`: further settings, such as other flows (`HOTLINE_FLOWS`, see read-flows.ts).
   */
  static async start(
    options: TestCentreOptions = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<HotlineAtWork> {
    const centre = writeTestCentre({ ringTimeoutSeconds: 10, wrapUpSeconds: 1, ...options });
    try {
      const instance = await startInstance({
        centre: centre.file,
        env: { HOTLINE_FLOWS: flowsFolder('small'), ...env },
      });
      return new HotlineAtWork(instance, await instance.signIn('lead'), centre.remove);
    } catch (error) {
      centre.remove();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.phones.stopAll();
    await this.instance.stop();
    this.#removeCentre();
  }

  live(): Promise<LiveSnapshot> {
    return this.lead.get<LiveSnapshot>('live');
  }

  async agent(id: string): Promise<LiveAgent> {
    const agent = (await this.live()).agents.find((one) => one.agent === id);
    if (!agent) throw new Error(`there is no agent ${id}`);
    return agent;
  }

  /** Waits until the agent is in this state, as the API tells it. */
  async agentIs(id: string, state: LiveAgent['state'], withinMs = patienceMs): Promise<LiveAgent> {
    let seen: LiveAgent | undefined;
    const probe = async () => {
      seen = await this.agent(id);
      return seen.state === state ? seen : null;
    };
    return until(`agent ${id} to be ${state}`, probe, { withinMs, everyMs: 30, seen: () => seen });
  }

  /** Waits until the agent has a phone that can be rung, as the API tells it. */
  async agentCanBeRung(id: string): Promise<LiveAgent> {
    const probe = async () => {
      const agent = await this.agent(id);
      return agent.devices.length > 0 ? agent : null;
    };
    return until(`agent ${id} to have a phone that can be rung`, probe, { everyMs: 30 });
  }

  /** An agent's own exact phone, registered, the agent available. */
  async ready(id: string, options: Partial<SipPhoneOptions> = {}): Promise<SipPhone> {
    const phone = await this.phones.phone({ ...options, ...this.account(id) });
    await this.agentCanBeRung(id);
    await this.makeAvailable(id);
    return phone;
  }

  /** The same with a real softphone. */
  async readySoftphone(id: string, toneHz: number): Promise<BaresipPhone> {
    const phone = await this.phones.baresip({ ...this.account(id), toneHz });
    await this.agentCanBeRung(id);
    await this.makeAvailable(id);
    return phone;
  }

  async makeAvailable(id: string): Promise<void> {
    const answer = await this.lead.send('PUT', `agents/${id}/state`, { state: 'available' });
    expect(answer).toMatchObject({ status: 200 });
    await this.agentIs(id, 'available');
  }

  account(user: string): { user: string; password: string } {
    return { user, password: this.instance.credentials.sip[user] ?? '' };
  }

  /** A caller from the trunk who hears the greeting and talks with a tone. */
  async greeted(options: { to?: string; from?: string; toneHz?: number } = {}): Promise<SippCall> {
    const { to = '95598', from, toneHz } = options;
    const call = await this.phones.dial(to, { ...(from !== undefined && { from }) });
    this.#callers.push(call);
    await call.answered();
    call.media.tone(toneHz);
    await this.callIs(call, 'ivr');
    return call;
  }

  /** A caller who has pressed 0 and waits for a person; an agent may be rung, or have answered, already. */
  async waiting(options: { to?: string; from?: string; toneHz?: number } = {}): Promise<SippCall> {
    const call = await this.greeted(options);
    await call.press('0');
    await this.#stage(call, ['waiting', 'ringing', 'talking'], patienceMs);
    return call;
  }

  /** Waits until the call is at this stage, as the API tells it. */
  callIs(
    call: { sipCallId: string | undefined },
    stage: LiveCall['stage'],
    withinMs = patienceMs,
  ): Promise<LiveCall> {
    return this.#stage(call, [stage], withinMs);
  }

  async #stage(
    call: { sipCallId: string | undefined },
    stages: readonly LiveCall['stage'][],
    withinMs: number,
  ): Promise<LiveCall> {
    const callId = await this.ledger.callIdOf(call.sipCallId ?? '');
    let seen: LiveCall | undefined;
    const probe = async () => {
      seen = (await this.live()).calls.find((one) => one.callId === callId);
      return seen && stages.includes(seen.stage) ? seen : null;
    };
    return until(`call ${callId} to be ${stages.join(' or ')}`, probe, {
      withinMs,
      everyMs: 30,
      seen: () => seen,
    });
  }

  /**
   * A finished call leaves nothing: not in Asterisk, not in the engine, not in the journal's backlog. `but` names calls
   * (by Call-ID) that are still meant to be there.
   */
  async nothingLeft({
    but = [],
    withinMs = patienceMs,
  }: {
    but?: string[];
    withinMs?: number;
  } = {}): Promise<void> {
    const kept = new Set<string>();
    for (const sipCallId of but) kept.add(await this.ledger.callIdOf(sipCallId));
    let seen: unknown;
    const probe = async () => {
      const [inAsterisk, live, metrics] = await Promise.all([
        this.instance.leftInAsterisk(),
        this.live(),
        this.instance.metrics(),
      ]);
      const keptAndLive = live.calls.filter(({ callId }) => kept.has(callId)).length;
      const left = {
        channels: inAsterisk.channels.length - keptAndLive,
        callBridges: inAsterisk.callBridges.length,
        calls: live.calls.length - keptAndLive,
        activeCalls: metricSum(metrics, 'hotline_calls_active') - keptAndLive,
        backlogEvents: metricSum(metrics, 'hotline_journal_backlog_events'),
      };
      seen = { left, inAsterisk, calls: live.calls };
      return Object.values(left).every((count) => count === 0);
    };
    await until('nothing to be left over', probe, { withinMs, everyMs: 100, seen: () => seen });
  }

  /**
   * Waits until none of these agents has a SIP phone any more, as the API tells it: what is told of a phone that has left must not be taken
   * for word of the next test's.
   */
  async #unreached(agents: readonly string[]): Promise<void> {
    let seen: LiveAgent[] = [];
    const probe = async () => {
      seen = (await this.live()).agents.filter(
        ({ agent, devices }) => agents.includes(agent) && devices.includes('sip'),
      );
      return seen.length === 0;
    };
    await until('phones that were unregistered to be gone', probe, { everyMs: 30, seen: () => seen });
  }

  /** After each test: all phones away, all agents signed out, nothing left over. */
  async tidyUp(options: { but?: string[] } = {}): Promise<void> {
    // After a test that failed, callers may still be there; one that just disappeared would hang in Asterisk.
    const there = this.#callers.filter((call) => !call.over);
    this.#callers = [];
    for (const call of there) call.hangUp();
    await Promise.all(there.map((call) => call.ended()));
    await this.#unreached(await this.phones.stopAll());
    for (const { agent, state } of (await this.live()).agents)
      if (state !== 'signed-out')
        await this.lead.send('PUT', `agents/${agent}/state`, { state: 'signed-out' });
    await this.nothingLeft(options);
  }
}
