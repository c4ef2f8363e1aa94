import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect } from 'vitest';
import { callBridgeName } from '../../services/adapters/ari/node.ts';
import { createAriTelephony } from '../../services/adapters/ari/telephony.ts';
import { asId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { type HotlineAsterisk, startHotlineAsterisk } from '../support/hotline-asterisk.ts';
import { SipPhone } from '../support/sip-phone.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { loudnessDbfs, toneMs } from '../support/tone.ts';
import { pause, until } from '../support/until.ts';
import { readWav } from '../support/wav.ts';
import { describeTelephony } from './telephony-contract.ts';
import type { RigCaller, RigPhone } from './telephony-rig.ts';

const password = 'a password for tests';
const callerHz = 440;
const agentHz = 880;
const secondAgentHz = 1_300;
const log = pino({ level: 'fatal' });
let asterisk: HotlineAsterisk;
let proxy: TcpProxy;

beforeAll(async () => {
  asterisk = await startHotlineAsterisk({
    accounts: { '1001': password, '1002': password },
    prompts: { short: { toneHz: 500, ms: 300 }, long: { toneHz: 600, ms: 60_000 } },
  });
  proxy = await startTcpProxy(Number(new URL(asterisk.ariUrl).port));
});
afterAll(async () => {
  await proxy?.close();
  await asterisk?.stop();
});

describeTelephony('Asterisk with real SIP callers and phones', async () => {
  const facts: TelephonyFact[] = [];
  const phones = new Map<RigPhone | RigCaller, SipPhone>();
  proxy.restore();
  const telephony = createAriTelephony({
    url: `http://127.0.0.1:${proxy.port}`,
    user: asterisk.secrets.ari.user,
    password: asterisk.secrets.ari.password,
    nodeId: asId('n1'),
    soundsDir: asterisk.soundsDir,
    dialsOut: true,
    sink: (fact) => facts.push(fact),
    log,
  });
  telephony.start();
  const sipPhone = (who: RigPhone | RigCaller): SipPhone => {
    const phone = phones.get(who);
    if (!phone) throw new Error('no such phone in this rig');
    return phone;
  };
  const seen = () => facts.map((fact) => JSON.stringify(fact)).join('\n');

  return {
    facts,
    perform: (order) => telephony.perform(order),
    until: async (what, probe) => (await until(what, probe, { withinMs: 20_000, seen })) as never,
    async dials({ number, from }) {
      const { sipPort } = asterisk;
      const phone = await SipPhone.open({ user: from, sipPort, ip: '127.0.0.2', toneHz: callerHz });
      const caller: RigCaller = {
        presses: (digit) => phone.press(digit),
        hangsUp: () => phone.hangUp(),
      };
      phones.set(caller, phone);
      void phone.dial(number);
      return caller;
    },
    async phone(agent) {
      const { sipPort } = asterisk;
      const phone = await SipPhone.open({
        user: agent,
        password,
        sipPort,
        toneHz: agent === '1002' ? secondAgentHz : agentHz,
        answer: 'manual',
      });
      await phone.register();
      const rigPhone = telephoneOf(phone);
      phones.set(rigPhone, phone);
      return rigPhone;
    },
    async outside(_number, as) {
      const { sipPort, outsidePort } = asterisk;
      const phone = await SipPhone.open({
        user: 'outside',
        sipPort,
        ip: '127.0.0.2',
        ownPort: outsidePort,
        toneHz: as === 'customer' ? callerHz : agentHz,
        answer: 'manual',
      });
      const rigPhone = telephoneOf(phone);
      phones.set(rigPhone, phone);
      return rigPhone;
    },
    // How long somebody speaks is itself what is tested.
    lasts: (ms) => pause(ms),
    async recorderRuns(recordingId) {
      const runs = async () => {
        const answer = await ari(asterisk, 'GET', `recordings/live/${recordingId}`);
        return answer.ok && ((await answer.json()) as { state: string }).state === 'recording';
      };
      await until('the recorder to run', runs);
    },
    async recorded(recordingId) {
      const sound = readWav(join(asterisk.recordingsDir, `${recordingId}.wav`));
      return toneMs(sound, callerHz) > 500;
    },
    async talking(_caller, _agent, phone, caller) {
      await sipPhone(phone).hears(callerHz);
      await sipPhone(caller).hears(sipPhone(phone).toneHz);
    },
    async together(...parties) {
      const heard = parties.map(({ phone }) => ({
        phone: sipPhone(phone),
        since: lengthOf(sipPhone(phone)),
      }));
      for (const { phone, since } of heard)
        for (const { phone: other } of heard)
          if (other !== phone) await phone.media.hears(other.toneHz, { sinceMs: since, withinMs: 10_000 });
    },
    async silence({ phone }) {
      const { recording } = sipPhone(phone).media;
      const from = recording.lengthMs;
      const lately = () => loudnessDbfs(recording.sound(recording.lengthMs - 200));
      const quiet = () => recording.lengthMs > from + 300 && lately() < -45;
      // A channel that is alone in its bridge is sent nothing at all.
      const nothing = async () => {
        const before = recording.packetCount;
        await pause(300);
        return recording.packetCount === before;
      };
      await until('nothing to be heard', async () => quiet() || (await nothing()), {
        withinMs: 10_000,
        seen: () => `${lately()} dBFS`,
      });
    },
    async music(_caller, phone) {
      const { recording } = sipPhone(phone).media;
      const from = recording.lengthMs;
      const lately = () => loudnessDbfs(recording.sound(recording.lengthMs - 200));
      // Louder than silence, softer than any of our tones.
      const soft = () => recording.lengthMs > from + 300 && lately() > -50 && lately() < -16;
      await until('music to be heard', soft, { withinMs: 10_000, seen: () => `${lately()} dBFS` });
    },
    disconnects: async () => proxy.cut(),
    connects: async () => proxy.restore(),
    leftOver: () => leftOver(asterisk),
    async close() {
      await telephony.stop();
      await Promise.all([...phones.values()].map((phone) => phone.stop()));
      // A test that failed must not spoil the next one.
      await until('an empty Asterisk', () => clear(asterisk), { everyMs: 100 });
    },
  };
});

const lengthOf = (phone: SipPhone): number => phone.media.recording.lengthMs;

const aCallOfNobody = '<sip:1002@127.0.0.1?Replaces=nobody%3Bto-tag%3D1%3Bfrom-tag%3D2>';

const telephoneOf = (phone: SipPhone): RigPhone => ({
  unregisters: () => phone.unregister(),
  async answers() {
    await phone.incoming();
    await phone.answer();
  },
  async declines() {
    await phone.incoming();
    await phone.decline();
  },
  hangsUp: () => phone.hangUp(),
  holds: () => phone.hold(),
  resumes: () => phone.resume(),
  vanishes: () => phone.kill(),
  async asksTransfer(number) {
    expect(await phone.refer(number ?? aCallOfNobody)).toBe(202);
  },
  transferAnswer: async () => ((await phone.transferAnswer()) === 200 ? 'accepted' : 'refused'),
});

/** Asks Asterisk itself, past the adapter and the wire that may be cut. */
async function ari({ ariUrl, secrets }: HotlineAsterisk, method: string, path: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${secrets.ari.user}:${secrets.ari.password}`).toString('base64')}`;
  return fetch(`${ariUrl}/ari/${path}`, { method, headers: { authorization } });
}

/** Channels, and bridges of calls. */
async function leftOver(of: HotlineAsterisk): Promise<string[]> {
  const list = async (what: string): Promise<{ id: string; name: string }[]> =>
    (await (await ari(of, 'GET', what)).json()) as never;
  const bridges = (await list('bridges')).filter(({ name }) => name === callBridgeName);
  return [...(await list('channels')), ...bridges].map(({ id }) => id);
}

async function clear(of: HotlineAsterisk): Promise<boolean> {
  const ids = await leftOver(of);
  for (const id of ids) {
    for (const kind of ['channels', 'bridges']) await ari(of, 'DELETE', `${kind}/${id}`);
  }
  return ids.length === 0;
}
