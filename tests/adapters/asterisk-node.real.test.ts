import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ami, createAmi } from '../../services/adapters/ami/ami.ts';
import { type CelEvent, celEvents, readCel } from '../../services/adapters/ami/cel.ts';
import { contactEvents, Reachability } from '../../services/adapters/ami/reachability.ts';
import { type AriTelephony, createAriTelephony } from '../../services/adapters/ari/telephony.ts';
import { asId, type LegId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { type HotlineAsterisk, startHotlineAsterisk } from '../support/hotline-asterisk.ts';
import { SipPhone } from '../support/sip-phone.ts';
import { until } from '../support/until.ts';

const password = 'a password for tests';
const log = pino({ level: 'fatal' });

describe('one Asterisk, its controller and its phones', () => {
  let asterisk: HotlineAsterisk;
  let facts: TelephonyFact[];
  let controllers: AriTelephony[];
  let ami: Ami;
  const cel: CelEvent[] = [];
  const phones: SipPhone[] = [];

  beforeAll(async () => {
    asterisk = await startHotlineAsterisk({
      accounts: { '1001': password, '1002': password },
      prompts: { long: { toneHz: 600, ms: 60_000 } },
    });
  });
  afterAll(() => asterisk?.stop());

  beforeEach(async () => {
    facts = [];
    controllers = [];
    const reachability = new Reachability([asId('1001'), asId('1002')], (fact) => facts.push(fact));
    ami = createAmi({
      port: asterisk.amiPort,
      user: asterisk.secrets.ami.user,
      password: asterisk.secrets.ami.password,
      log,
      events: [...contactEvents, ...celEvents],
      onEvent: (event) => {
        reachability.handle(event);
        const line = readCel(event);
        if (line) cel.push(line);
      },
      onUp: (connection) => reachability.read(connection),
    });
    ami.start();
    await devices('1002', '');
  });
  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.stop()));
    await Promise.all(controllers.map((controller) => controller.stop()));
    await ami.stop();
  });

  const told = <K extends TelephonyFact['kind']>(kind: K, legId?: string) =>
    facts.filter(
      (fact): fact is Extract<TelephonyFact, { kind: K }> =>
        fact.kind === kind && (legId === undefined || ('legId' in fact && fact.legId === legId)),
    );
  const fact = <K extends TelephonyFact['kind']>(kind: K, legId?: string, times = 1) =>
    until(kind, () => told(kind, legId)[times - 1], { withinMs: 15_000, seen: () => facts });
  const devices = (agent: string, wanted: string) =>
    until(`${agent} to have [${wanted}]`, () => lastOf(agent)?.devices.join() === wanted, {
      withinMs: 15_000,
      seen: () => facts,
    });
  const lastOf = (agent: string) => told('phones').findLast((one) => one.agent === asId(agent));

  async function registered(user: string): Promise<SipPhone> {
    const { sipPort } = asterisk;
    const phone = await SipPhone.open({ user, password, sipPort, audio: false, answer: 'manual' });
    phones.push(phone);
    await phone.register();
    return phone;
  }

  async function controller(knows?: (legId: LegId) => boolean): Promise<AriTelephony> {
    const before = told('node-up').length;
    const telephony = createAriTelephony({
      url: asterisk.ariUrl,
      user: asterisk.secrets.ari.user,
      password: asterisk.secrets.ari.password,
      nodeId: asId('n1'),
      soundsDir: asterisk.soundsDir,
      sink: (one) => facts.push(one),
      log,
      ...(knows ? { knows } : {}),
    });
    controllers.push(telephony);
    telephony.start();
    await fact('node-up', undefined, before + 1);
    return telephony;
  }

  async function conversation(telephony: AriTelephony) {
    const { sipPort } = asterisk;
    const caller = await SipPhone.open({ user: '13800138000', sipPort, ip: '127.0.0.2', audio: false });
    phones.push(caller);
    void caller.dial('95598');
    const { legId: callerLegId } = await fact('arrived');
    telephony.perform({ kind: 'answer', legId: callerLegId });
    await fact('leg-answered', callerLegId);
    const agentLegId = asId<LegId>(`leg-${callerLegId}`);
    const bridgeId = asId<never>(`bridge-${callerLegId}`);
    telephony.perform({
      kind: 'ring-agent',
      legId: agentLegId,
      bridgeId,
      callId: asId(callerLegId),
      agent: asId('1001'),
      device: 'sip',
      callerLegId,
      callerNumber: '13800138000',
      ringTimeoutMs: 15_000,
    });
    await fact('leg-ringing', agentLegId);
    return { caller, callerLegId, agentLegId, bridgeId };
  }

  it('phones come and go with their registrations, and channels are accounted for', async () => {
    const phone = await registered('1001');
    await devices('1001', 'sip');
    const telephony = await controller();
    const { caller, callerLegId, agentLegId } = await conversation(telephony);
    await caller.hangUp();
    telephony.perform({ kind: 'hang-up', legId: agentLegId, because: 'normal' });
    await fact('leg-ended', agentLegId);
    for (const leg of [callerLegId, agentLegId]) {
      await until('its end in the account', () =>
        cel.some((c) => c.uniqueId === leg && c.name === 'CHAN_END'),
      );
    }
    await phone.unregister();
    await devices('1001', '');
  });

  it('a new controller takes over what the old one left: known legs are kept, an answer meanwhile is told', async () => {
    const phone = await registered('1001');
    const first = await controller();
    const { callerLegId, agentLegId, bridgeId } = await conversation(first);
    await first.stop();
    await phone.answer();
    const second = await controller((legId) => legId === callerLegId || legId === agentLegId);
    expect([...(told('node-up')[1]?.liveLegs ?? [])].sort()).toEqual([agentLegId, callerLegId].sort());
    await fact('leg-answered', agentLegId);
    second.perform({ kind: 'connect', bridgeId, callerLegId, agentLegId });
    const joined = async () => (await second.client.call('bridges.get', { bridgeId })).channels.length === 2;
    await until('both to be joined', joined);
    await phone.hangUp();
    expect(await fact('leg-ended', agentLegId)).toMatchObject({ reason: 'normal' });
    second.perform({ kind: 'hang-up', legId: callerLegId, because: 'normal' });
    await fact('leg-ended', callerLegId);
    await until('no bridge', async () => (await second.client.call('bridges.list', {})).length === 0);
  });

  it('a new controller is about to join two of whom one still hears a prompt: when the other hangs up, that is told at once', async () => {
    const phone = await registered('1001');
    const first = await controller();
    const { caller, callerLegId, agentLegId, bridgeId } = await conversation(first);
    const prompts = [asId<never>('long')];
    first.perform({ kind: 'play', legId: callerLegId, playbackId: asId('p-1'), prompts, language: 'zh-CN' });
    await until('the prompt to be heard', async () => {
      const { state } = await first.client.call('playbacks.get', { playbackId: 'p-1' });
      return state === 'playing';
    });
    await phone.incoming();
    await phone.answer();
    await fact('leg-answered', agentLegId);
    await first.stop();
    const second = await controller(() => true);
    second.perform({ kind: 'connect', bridgeId, callerLegId, agentLegId });
    const inTheBridge = async () => (await second.client.call('bridges.get', { bridgeId })).channels;
    await until('the agent to wait for the caller', async () => (await inTheBridge()).length === 1);
    await phone.hangUp();
    expect(await fact('leg-ended', agentLegId)).toMatchObject({ reason: 'normal' });
    await caller.hangUp();
    await fact('leg-ended', callerLegId);
  });

  it("a new controller that knows nothing hears of the caller and ends the agent's leg", async () => {
    const phone = await registered('1001');
    const first = await controller();
    const { callerLegId } = await conversation(first);
    await first.stop();
    const second = await controller(() => false);
    await fact('arrived', callerLegId, 2);
    await phone.idle();
    await until('no bridge', async () => (await second.client.call('bridges.list', {})).length === 0);
    second.perform({ kind: 'hang-up', legId: callerLegId, because: 'normal' });
    await fact('leg-ended', callerLegId);
  });

  it('an Asterisk that dies comes back empty, and phones are read again', async () => {
    await registered('1001');
    await devices('1001', 'sip');
    const telephony = await controller();
    await conversation(telephony);
    const before = told('phones').length;
    await asterisk.restart();
    await fact('node-down');
    expect(await fact('node-up', undefined, 2)).toMatchObject({ liveLegs: [] });
    await until('every phone again', () => told('phones').length >= before + 2, { withinMs: 15_000 });
    expect(told('leg-ended')).toHaveLength(0);
  });
});
