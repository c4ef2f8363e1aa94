import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type AriTelephony, createAriTelephony } from '../../services/adapters/ari/telephony.ts';
import { asId, type LegId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { type HotlineAsterisk, startHotlineAsterisk } from '../support/hotline-asterisk.ts';
import { SipPhone, type SipPhoneOptions } from '../support/sip-phone.ts';
import { until } from '../support/until.ts';

const password = 'a password for tests';
const [callerHz, agentHz] = [440, 880];
const noNotices = [['Refer-Sub', 'false']] as const;

let asterisk: HotlineAsterisk;
let telephony: AriTelephony;
let facts: TelephonyFact[] = [];
const phones: SipPhone[] = [];

afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.stop()));
  await telephony?.stop();
  await asterisk?.stop();
});

/** Asterisk, and a controller that refuses all transfers. */
async function start(transferKey: 'on' | 'off'): Promise<void> {
  asterisk = await startHotlineAsterisk({
    accounts: { '1001': password },
    prompts: { long: { toneHz: 600, ms: 60_000 } },
    transferKey,
  });
  facts = [];
  telephony = createAriTelephony({
    url: asterisk.ariUrl,
    user: asterisk.secrets.ari.user,
    password: asterisk.secrets.ari.password,
    nodeId: asId('n1'),
    soundsDir: asterisk.soundsDir,
    sink: (fact) => {
      facts.push(fact);
      if (fact.kind === 'transfer-asked')
        telephony.perform({ kind: 'answer-transfer', legId: fact.legId, accepted: false });
    },
    log: pino({ level: 'fatal' }),
  });
  telephony.start();
  await until('the node to be up', () => facts.some(({ kind }) => kind === 'node-up'));
}

async function phone(options: Omit<SipPhoneOptions, 'sipPort'>): Promise<SipPhone> {
  const opened = await SipPhone.open({ ...options, sipPort: asterisk.sipPort });
  phones.push(opened);
  return opened;
}

const arrived = (times: number) =>
  until('a call to arrive', () => facts.filter((fact) => fact.kind === 'arrived')[times - 1]);
const answeredLeg = (legId: LegId) =>
  until('the leg to be up', () => facts.some((fact) => fact.kind === 'leg-answered' && fact.legId === legId));

async function conversation(): Promise<{ caller: SipPhone; agent: SipPhone; together(): Promise<void> }> {
  const caller = await phone({ user: '13800138000', ip: '127.0.0.2', toneHz: callerHz });
  const agent = await phone({ user: '1001', password, toneHz: agentHz, answer: 'auto' });
  await agent.register();
  void caller.dial('95598');
  const { legId: callerLegId } = await arrived(1);
  telephony.perform({ kind: 'answer', legId: callerLegId });
  const [agentLegId, bridgeId] = [asId<LegId>('leg-1'), asId<never>('bridge-1')];
  telephony.perform({
    kind: 'ring-agent',
    legId: agentLegId,
    bridgeId,
    callId: asId(callerLegId),
    agent: asId('1001'),
    device: 'sip',
    callerLegId,
    callerNumber: '13800138000',
    ringTimeoutMs: 10_000,
  });
  await answeredLeg(agentLegId);
  telephony.perform({ kind: 'connect', bridgeId, callerLegId, agentLegId });
  const together = async () => {
    await agent.hears(callerHz);
    await caller.hears(agentHz);
  };
  await together();
  return { caller, agent, together };
}

test('off, as it is unless somebody turns it on: each REFER is refused at once, also one that would end an Asterisk that takes them', async () => {
  await start('off');
  const { caller, agent, together } = await conversation();
  expect(await agent.refer('1002')).toBe(603);
  expect(await agent.refer('1002', noNotices)).toBe(603);
  expect(await caller.refer('1002', noNotices)).toBe(603);
  await together();
  expect(facts.filter(({ kind }) => kind === 'transfer-asked')).toEqual([]);
});

test('on, a REFER of any shape is refused by us or by Asterisk, from a caller always; both talk on', async () => {
  await start('on');
  const { caller, agent, together } = await conversation();
  expect(await caller.refer('1002')).toBe(603);
  const strange = [
    '<sip:%E4%B8%AD%E6%96%87@127.0.0.1>',
    '<sip:a%00b@127.0.0.1>',
    `<sip:${'9'.repeat(900)}@127.0.0.1>`,
    '<sip:@127.0.0.1>',
    '<sip:127.0.0.1>',
    '<tel:+8613900139000>',
    '<sips:1002@example.invalid;transport=tls>',
    '<sip:1002;phone-context=x@127.0.0.1>',
    '<sip:1002@127.0.0.1?Replaces=>',
    '<sip:1002@127.0.0.1?Replaces=a>',
    '<sip:1002@127.0.0.1?Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2%3Bearly-only>',
    `<sip:1002@127.0.0.1?Replaces=${encodeURIComponent(`${agent.sipCallId};to-tag=1;from-tag=2`)}>`,
    '<mailto:nobody@example.invalid>',
    '<>',
  ];
  for (const to of strange) {
    const answer = await agent.refer(to);
    const status = answer === 202 ? await agent.transferAnswer() : answer;
    expect({ to, refused: status >= 400 && status < 700 && status !== 408 }).toEqual({ to, refused: true });
  }
  await together();
  for (const fact of facts)
    if (fact.kind === 'transfer-asked' && fact.to.kind === 'number')
      expect(fact.to.number).toMatch(/^[-+*#._\p{L}\p{N}]{0,64}$/u);
});

test('on, a phone alone with a prompt, in a call of its own: told, and answered', async () => {
  await start('on');
  const agent = await phone({ user: '1001', password });
  void agent.dial('*11');
  const { legId } = await arrived(1);
  telephony.perform({ kind: 'answer', legId });
  await answeredLeg(legId);
  await agent.talking();
  telephony.perform({
    kind: 'play',
    legId,
    playbackId: asId('playback-1'),
    prompts: [asId('long')],
    language: 'zh-CN',
  });
  expect(await agent.refer('1002')).toBe(202);
  expect(await agent.transferAnswer()).toBe(603);
  expect(facts.filter(({ kind }) => kind === 'transfer-asked')).toMatchObject([{ legId }]);
  telephony.perform({ kind: 'hang-up', legId, because: 'normal' });
  await agent.idle();
});
