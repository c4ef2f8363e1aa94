import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type HotlineAsterisk, startHotlineAsterisk } from '../support/hotline-asterisk.ts';
import { headersOf } from '../support/sip-message.ts';
import { Stranger } from '../support/stranger.ts';
import { until } from '../support/until.ts';

const trunk = '127.0.0.2';
const elsewhere = '127.0.0.9';
let asterisk: HotlineAsterisk;
const strangers: Stranger[] = [];

beforeAll(async () => {
  asterisk = await startHotlineAsterisk({
    accounts: { '1001': 'a password for tests', caller: 'another for tests' },
    prompts: { 'fallback-wait': { toneHz: 500, ms: 300 } },
  });
});
afterAll(() => asterisk?.stop());
afterEach(() => {
  for (const stranger of strangers.splice(0)) stranger.close();
});

async function invite(call: { user?: string; from?: string; sourceIp: string; callId?: string }) {
  const stranger = await Stranger.calls({
    sipPort: asterisk.sipPort,
    user: '95598',
    from: '13800138000',
    ...call,
  });
  strangers.push(stranger);
  return stranger;
}

describe('who may call', () => {
  // "trunk" and "anonymous" are names that mean something to Asterisk.
  test.each(['1001', '1001-web', 'caller', 'nobody', 'trunk', 'anonymous'])(
    'from an address that is no trunk, "%s" is asked for a password, whether there is such an account or not',
    async (from) => {
      const stranger = await invite({ from, sourceIp: elsewhere });
      expect(await stranger.finalStatus()).toBe(401);
      const [challenge = ''] = stranger.received.flatMap((message) => headersOf(message, 'WWW-Authenticate'));
      expect(challenge).toMatch(/^Digest realm="hotline"/);
    },
  );

  test('garbage does not keep the next caller out', async () => {
    const socket = createSocket('udp4');
    const garbage = [
      '',
      '\0\0\0',
      'INVITE',
      `INVITE sip:x SIP/2.0\r\n${'A: b\r\n'.repeat(500)}\r\n`,
      'ü'.repeat(9000),
    ];
    for (const datagram of garbage) socket.send(datagram, asterisk.sipPort, '127.0.0.1');
    const stranger = await invite({ sourceIp: elsewhere });
    expect(await stranger.finalStatus()).toBe(401);
    socket.close();
  });
});

describe('while the controller is away', () => {
  test('a caller is picked up all the same, and hears so', async () => {
    const caller = await invite({ sourceIp: trunk });
    // It rings for as long as a controller that is being started again may take.
    expect(await caller.finalStatus(15_000)).toBe(200);
    await caller.bye();
    expect(asterisk.log()).not.toContain('fallback-wait does not exist');
  });
});

describe('what reaches the controller', () => {
  let socket: WebSocket;
  const arrived: string[][] = [];

  beforeAll(async () => {
    const { user, password } = asterisk.secrets.ari;
    const ari = (method: string, path: string) =>
      fetch(`${asterisk.ariUrl}/ari/${path}`, {
        method,
        headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      });
    socket = new WebSocket(
      `${asterisk.ariUrl.replace('http', 'ws')}/ari/events?app=hotline&api_key=${user}:${password}`,
    );
    socket.on('message', (data) => {
      const event = JSON.parse(String(data));
      if (event.type !== 'StasisStart') return;
      arrived.push(event.args);
      ari('DELETE', `channels/${event.channel.id}`).catch((error: unknown) => arrived.push([String(error)]));
    });
    await once(socket, 'open');
  });
  afterAll(() => socket?.close());

  test.each([
    ['a hotline number', '95598', '95598'],
    ['an unknown number with +', '+8612345', '+8612345'],
    ['a feature code', '*11', '*11'],
    ['a single digit', '1', '1'],
    ['no user at all', '', 's'],
    ['the name of an extension Asterisk runs at hang-up', 'h', 'h'],
    ['something that looks like more arguments', '95598,agent,1001', '95598agent1001'],
    ['something Asterisk would evaluate', '$%7BEPOCH%7D', 'EPOCH'],
    ['quotes and brackets', '9%22%29%5D', '9'],
    ['Chinese', '%E7%94%B5%E5%8A%9B', 'unknown'],
  ])('%s is passed on as harmless text', async (_what, user, dialled) => {
    const caller = await invite({ user, sourceIp: trunk });
    const args = await until('the call', () => arrived.find((one) => one[4] === caller.callId), {
      seen: () => arrived,
    });
    expect(args).toEqual(['arrived', 'trunk', dialled, 'trunk', caller.callId]);
  });

  test('a Call-ID with every sign the standard allows, but commas, quotes and brackets, arrives unchanged', async () => {
    const callId = "aZ09-.!%*_+`'~<>:/?@host";
    await invite({ callId, sourceIp: trunk });
    await until('the call', () => arrived.find((one) => one[4] === callId), { seen: () => arrived });
  });
});
