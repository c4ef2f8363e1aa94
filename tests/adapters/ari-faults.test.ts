import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureTools } from '../../infra/tools/tools.ts';
import {
  type AriTelephony,
  type AriTelephonyOptions,
  createAriTelephony,
} from '../../services/adapters/ari/telephony.ts';
import { asId, type LegId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import {
  type FalseAsterisk,
  falseArrival,
  falseChannel,
  startFalseAsterisk,
} from '../support/false-asterisk.ts';
import { patienceMs, until } from '../support/until.ts';

const caller = asId<LegId>('n1-1.1');
const password = 'not-to-be-seen-in-any-log';
/** Where a request hangs on purpose; all others are answered by then, also on a busy machine. */
const hasty = { requestTimeoutMs: 1_500 };
let restApiDir: string;
beforeAll(async () => {
  restApiDir = (await ensureTools(['run'], () => undefined)).asteriskRestApiDir;
});

describe('the ARI adapter, when Asterisk or the network misbehave', () => {
  let asterisk: FalseAsterisk;
  let telephony: AriTelephony;
  let facts: TelephonyFact[];
  let logged: string;
  const strange: string[] = [];

  async function begin(
    options: Partial<AriTelephonyOptions> = {},
    server: { answersPings?: boolean } = {},
  ): Promise<void> {
    asterisk = await startFalseAsterisk(restApiDir, server);
    telephony = createAriTelephony({
      url: asterisk.url,
      user: 'hotline',
      password,
      nodeId: asId('n1'),
      soundsDir: 'hotline',
      sink: (fact) => facts.push(fact),
      log: pino(
        { level: 'trace' },
        {
          write: (line: string) => {
            logged += line;
          },
        },
      ),
      onStrangeFrame: (what) => strange.push(what),
      ...options,
    });
    telephony.start();
  }
  const up = (times = 1) =>
    until('node-up', () => facts.filter(({ kind }) => kind === 'node-up').length === times, {
      seen: () => [logged, asterisk.requests],
    });
  const fact = <K extends TelephonyFact['kind']>(kind: K, withinMs = patienceMs) =>
    until(kind, () => facts.find((one): one is Extract<TelephonyFact, { kind: K }> => one.kind === kind), {
      withinMs,
      seen: () => [facts, asterisk.requests],
    });
  async function callerArrives(withinMs?: number): Promise<void> {
    asterisk.send(falseArrival(caller));
    await fact('arrived', withinMs);
  }
  const ring = (legId: string, ringTimeoutMs = 10_000) =>
    telephony.perform({
      kind: 'ring-agent',
      legId: asId(legId),
      bridgeId: asId(`bridge-${legId}`),
      callId: asId(caller),
      agent: asId('1001'),
      device: 'sip',
      callerLegId: caller,
      callerNumber: '13800138000',
      ringTimeoutMs,
    });

  beforeEach(() => {
    facts = [];
    logged = '';
    strange.length = 0;
  });
  afterEach(async () => {
    await telephony.stop();
    await asterisk.close();
    expect(logged).not.toContain(password);
    expect(logged).not.toContain(Buffer.from(`hotline:${password}`).toString('base64'));
  });

  it('a request that hangs fails the order as timed-out', async () => {
    await begin(hasty);
    await up();
    await callerArrives();
    asterisk.on(/answer$/, 'hang');
    telephony.perform({ kind: 'answer', legId: caller });
    expect(await fact('order-failed')).toMatchObject({ order: 'answer', legId: caller, reason: 'timed-out' });
  });

  it('a caller who was taken to the fallback while we hung is not hung up by a timer of ours', async () => {
    await begin();
    await up();
    await callerArrives();
    const dialplan = { context: 'fallback-queue', exten: 's', priority: 4, app_name: 'Queue', app_data: '' };
    asterisk.on(/^GET .*channels\/n1-1.1$/, { body: falseChannel(caller, { dialplan }) });
    // Hangs indeed: not one event is read in this time.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_100);
    telephony.perform({ kind: 'hang-up', legId: caller, because: 'normal' });
    await fact('taken-to-fallback');
    expect(asterisk.requests.filter((line) => line.startsWith('DELETE'))).toEqual([]);
  });

  it('a phone that was answered while we stood still is not given up by our ring time, which passed meanwhile', async () => {
    await begin();
    await up();
    await callerArrives();
    const leg = 'leg-1';
    ring(leg, 1_500);
    const told = (type: string, more: object = {}) =>
      asterisk.send({ type, application: 'hotline', timestamp: '', channel: falseChannel(leg, more) });
    asterisk.send({ type: 'StasisStart', args: ['agent', caller], channel: falseChannel(leg) });
    await until('the phone to be dialled', () =>
      asterisk.requests.includes(`POST /ari/channels/${leg}/dial`),
    );
    // After this the event loop looks at its timers first: what was told is still to be read when the ring time is over.
    await setImmediate();
    told('ChannelStateChange', { state: 'Up' });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_700);
    expect(await fact('leg-answered')).toMatchObject({ legId: leg });
    asterisk.send({
      type: 'ChannelDestroyed',
      timestamp: '',
      cause: 16,
      cause_txt: '',
      channel: falseChannel(leg),
    });
    // Given up by us it would have failed.
    expect(await fact('leg-ended')).toMatchObject({ legId: leg, reason: 'normal' });
  });

  it('a caller whom somebody else took out of the application is followed to the fallback, and nothing is ordered for them', async () => {
    await begin();
    await up();
    await callerArrives();
    const at = (context: string) => ({ context, exten: 's', priority: 4, app_name: '', app_data: '' });
    const looks = [at('arrived'), at('fallback-queue')];
    asterisk.on(/^GET .*channels\/n1-1.1$/, () => ({
      body: falseChannel(caller, { dialplan: looks.length > 1 ? looks.shift() : looks[0] }),
    }));
    // Asterisk's last word on the channel is older than its new place.
    const channel = falseChannel(caller);
    asterisk.send({ type: 'StasisEnd', application: 'hotline', timestamp: '', channel });
    await until('it is looked for', () => asterisk.requests.includes(`GET /ari/channels/${caller}`));
    telephony.perform({ kind: 'hang-up', legId: caller, because: 'normal' });
    await fact('taken-to-fallback');
    expect(facts.filter(({ kind }) => kind === 'leg-ended')).toEqual([]);
    expect(asterisk.requests.filter((line) => line.startsWith('DELETE'))).toEqual([]);
  });

  it('an error inside Asterisk fails the order as refused', async () => {
    await begin();
    await up();
    await callerArrives();
    asterisk.on(/play/, { status: 500, body: { message: 'Internal' } });
    const playbackId = asId<never>('p1');
    telephony.perform({ kind: 'play', legId: caller, playbackId, prompts: [asId('x')], language: 'en' });
    expect(await fact('order-failed')).toMatchObject({ order: 'play', playbackId, reason: 'refused' });
  });

  it('orders of one leg keep their order though the first is slow; another leg does not wait', async () => {
    await begin(hasty);
    await up();
    await callerArrives();
    asterisk.send(falseArrival('n1-1.2'));
    await until('the second caller', () => facts.filter(({ kind }) => kind === 'arrived').length === 2);
    asterisk.on(/n1-1\.1\/answer$/, 'hang');
    telephony.perform({ kind: 'answer', legId: caller });
    telephony.perform({ kind: 'wait-with-music', legId: caller });
    telephony.perform({ kind: 'answer', legId: asId('n1-1.2') });
    expect(await fact('leg-answered')).toMatchObject({ legId: 'n1-1.2' });
    expect(asterisk.requests).not.toContain(`POST /ari/channels/${caller}/moh`);
    await fact('order-failed');
    await until('music', () => asterisk.requests.includes(`POST /ari/channels/${caller}/moh`));
  });

  it('a dropped event socket is node-down and then node-up', async () => {
    await begin();
    await up();
    asterisk.dropSocket();
    await fact('node-down');
    await up(2);
    expect(facts.map(({ kind }) => kind)).toEqual(['node-up', 'node-down', 'node-up']);
  });

  it('a socket that no longer answers pings is given up', async () => {
    await begin({ pingEveryMs: 150 }, { answersPings: false });
    await up();
    expect((await fact('node-down')).because).toContain('pings');
  });

  it('a failing inventory keeps the node down until it succeeds', async () => {
    await begin();
    await up();
    asterisk.on(/^GET \/ari\/channels$/, { status: 503, body: { message: 'not booted' } }, 2);
    asterisk.dropSocket();
    await up(2);
    expect(facts.filter(({ kind }) => kind === 'node-down')).toHaveLength(1);
    expect(asterisk.requests.filter((line) => line === 'GET /ari/channels')).toHaveLength(4);
  });

  it('a hundred thousand random frames do not disturb it', async () => {
    await begin();
    await up();
    const frames = 100_000;
    for (let i = 0; i < frames; i += 1) {
      asterisk.send(randomFrame(i));
      // On a slow machine all at once would be a standstill of this process, which is another matter.
      if (i % 500 === 0) await setImmediate();
    }
    await callerArrives(30_000);
    expect(facts.map(({ kind }) => kind)).toEqual(['node-up', 'arrived']);
    expect(strange.length).toBeGreaterThan(frames / 4);
  });

  it('another controller that takes the application over ends its acting for good', async () => {
    let replaced = false;
    await begin({
      onReplaced: () => {
        replaced = true;
      },
    });
    await up();
    asterisk.send({ type: 'ApplicationReplaced', application: 'hotline', timestamp: '' });
    await until('to be told', () => replaced);
    telephony.perform({ kind: 'answer', legId: caller });
    expect(await fact('order-failed')).toMatchObject({ reason: 'unavailable' });
    expect(asterisk.socketCount).toBe(1);
  });

  it('a hang-up is tried until Asterisk takes it', async () => {
    await begin();
    await up();
    await callerArrives();
    asterisk.on(/^DELETE \/ari\/channels/, { status: 500 }, 2);
    telephony.perform({ kind: 'hang-up', legId: caller, because: 'normal' });
    const tries = () => asterisk.requests.filter((line) => line === `DELETE /ari/channels/${caller}`);
    await until('three tries', () => tries().length === 3);
    asterisk.send({
      type: 'StasisEnd',
      application: 'hotline',
      timestamp: '',
      channel: falseChannel(caller),
    });
    expect(await fact('leg-ended')).toMatchObject({ legId: caller });
    expect(facts.filter(({ kind }) => kind === 'order-failed')).toHaveLength(0);
  });

  it('events that come before the answer to their request are understood', async () => {
    await begin(hasty);
    await up();
    await callerArrives();
    asterisk.on(/^POST \/ari\/channels\/create$/, () => {
      const channel = falseChannel('leg-1');
      asterisk.send({ type: 'StasisStart', args: ['agent', caller], channel });
      return 'hang';
    });
    asterisk.on(/^POST \/ari\/channels\/leg-1\/dial$/, () => {
      const channel = falseChannel('leg-1');
      asterisk.send({ type: 'ChannelDestroyed', cause: 21, cause_txt: '', channel });
      return 'hang';
    });
    ring('leg-1');
    expect(await fact('leg-ended')).toMatchObject({ legId: 'leg-1', reason: 'declined' });
    await until('its bridge to go', () => asterisk.requests.includes('DELETE /ari/bridges/bridge-leg-1'));
    telephony.perform({ kind: 'wait-with-music', legId: caller });
    await until('the queue to go on', () => asterisk.requests.includes(`POST /ari/channels/${caller}/moh`));
    expect(facts.filter((one) => 'legId' in one && one.legId === 'leg-1')).toHaveLength(1);
  });

  describe('an agent has answered, and the caller hears music', () => {
    const moh = `/ari/channels/${caller}/moh`;
    const agent = asId<LegId>('leg-3');
    const joins = () => asterisk.requests.filter((line) => line.endsWith('/addChannel')).length;

    beforeEach(async () => {
      await begin(hasty);
      await up();
      await callerArrives();
      telephony.perform({ kind: 'wait-with-music', legId: caller });
      ring(agent);
      await until('the channel to be asked for', () =>
        asterisk.requests.includes('POST /ari/channels/create'),
      );
      asterisk.send({ type: 'StasisStart', args: ['agent', caller], channel: falseChannel(agent) });
      asterisk.send({ type: 'ChannelStateChange', channel: falseChannel(agent, { state: 'Up' }) });
      await fact('leg-answered');
      await until('the agent to be in the bridge', () => joins() === 1);
    });
    const connect = () =>
      telephony.perform({
        kind: 'connect',
        bridgeId: asId(`bridge-${agent}`),
        callerLegId: caller,
        agentLegId: agent,
      });

    it('the music has ended before they are brought together: told both at once, Asterisk may play on', async () => {
      asterisk.on(new RegExp(`^DELETE ${moh}$`), 'hang', 1);
      connect();
      expect(await fact('order-failed')).toMatchObject({ order: 'connect', reason: 'timed-out' });
      expect(joins()).toBe(1);
      connect();
      await until('the caller to be in the bridge', () => joins() === 2);
      expect(asterisk.requests.filter((line) => line === `DELETE ${moh}`)).toHaveLength(2);
    });

    it('the caller has just left: it is their leg that is gone, not the agent’s', async () => {
      asterisk.on(new RegExp(`^DELETE ${moh}$`), { status: 404, body: { message: 'Channel not found' } });
      connect();
      expect(await fact('order-failed')).toMatchObject({ order: 'connect', reason: 'gone', legId: caller });
      expect(joins()).toBe(1);
    });
  });

  it('a ring that was given up leaves no channel, however late it comes', async () => {
    await begin(hasty);
    await up();
    await callerArrives();
    asterisk.on(/^POST \/ari\/channels\/create$/, 'hang');
    ring('leg-2');
    const failed = await fact('order-failed');
    expect(failed, failed.detail).toMatchObject({ order: 'ring-agent', reason: 'timed-out' });
    const discards = () => asterisk.requests.filter((line) => line === 'DELETE /ari/channels/leg-2').length;
    await until('a first discard', () => discards() === 1);
    asterisk.send({ type: 'StasisStart', args: ['agent', caller], channel: falseChannel('leg-2') });
    await until('a second discard', () => discards() === 2);
    expect(facts.filter((one) => 'legId' in one && one.legId === 'leg-2')).toHaveLength(1);
  });

  it('living legs that nobody knows: a caller arrives, an agent is hung up; known ones are kept', async () => {
    const dialplan = { app_name: 'Stasis', app_data: 'hotline,arrived,caller,10050,caller,x@sip' };
    const tag = (callId: string) => ({
      channelvars: { HOTLINE_CALL: JSON.stringify({ callId, role: 'agent', bridgeId: `b-${callId}` }) },
    });
    await begin({ knows: (legId) => legId === asId('agent-known') });
    await up();
    asterisk.on(/^GET \/ari\/channels$/, {
      body: [
        falseChannel('unheard', { dialplan }),
        falseChannel('agent-known', tag('c1')),
        falseChannel('agent-stale', tag('c2')),
        falseChannel('elsewhere', { dialplan: { app_name: 'Playback', app_data: 'x' } }),
      ],
    });
    asterisk.on(/^GET \/ari\/bridges$/, {
      body: ['b-c1', 'b-c2'].map((id) => ({ id, name: 'hotline-call', channels: [] })),
    });
    asterisk.dropSocket();
    await up(2);
    const [, second] = facts.filter((one) => one.kind === 'node-up');
    expect(second?.liveLegs).toEqual(['unheard', 'agent-known', 'agent-stale']);
    expect(await fact('arrived')).toMatchObject({
      legId: 'unheard',
      source: 'caller',
      dialledNumber: '10050',
    });
    await until('the stale ones to go', () => asterisk.requests.includes('DELETE /ari/bridges/b-c2'));
    expect(asterisk.requests).toContain('DELETE /ari/channels/agent-stale');
    expect(asterisk.requests).not.toContain('DELETE /ari/channels/agent-known');
    expect(asterisk.requests).not.toContain('DELETE /ari/bridges/b-c1');
  });

  it('a leg that is gone without a word is found by the sweep', async () => {
    await begin({ sweepEveryMs: 50 });
    await up();
    asterisk.on(/^GET \/ari\/channels$/, { body: [] });
    asterisk.send(falseArrival(caller));
    expect(await fact('leg-ended')).toMatchObject({ legId: caller });
  });
});

/** Noise of several kinds: bytes, JSON that is no event, events of unknown type, known types with parts missing. */
function randomFrame(i: number): string {
  const noise = randomBytes(1 + (i % 40)).toString('base64');
  switch (i % 5) {
    case 0:
      return noise;
    case 1:
      return JSON.stringify([noise, null, i]);
    case 2:
      return JSON.stringify({ type: noise, channel: { id: caller } });
    case 3:
      return JSON.stringify({ type: ['StasisStart', 'ChannelDestroyed', 'PlaybackFinished'][i % 3], noise });
    default:
      return JSON.stringify({ type: 'StasisEnd', channel: { id: noise } }).slice(0, i % 60);
  }
}
