import { createSocket, type Socket } from 'node:dgram';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCel } from '../../services/adapters/cel/parse.ts';
import { callFromCel } from '../../services/cdr/from-cel.ts';
import { seeded } from '../support/caller.ts';
import { type HotlineAsterisk, startHotlineAsterisk } from '../support/hotline-asterisk.ts';
import { writeSdp } from '../support/sdp.ts';
import { pause, until } from '../support/until.ts';

const calls = 60;
const seed = Number(process.env.HOTLINE_TEST_SEED ?? Date.now() % 1_000_000);
let asterisk: HotlineAsterisk;
let socket: Socket;

beforeAll(async () => {
  asterisk = await startHotlineAsterisk({ accounts: { '1001': 'unused-here' } });
  socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.2', resolve));
});
afterAll(async () => {
  socket?.close();
  await asterisk?.stop();
});

/** As a carrier would send it, from the trunk's address; answers are not waited for. */
function send(method: 'INVITE' | 'CANCEL', callId: string): void {
  const uri = `sip:95598@127.0.0.1:${asterisk.sipPort}`;
  const offer = { ip: '127.0.0.2', port: 9_000, laws: ['pcma' as const], eventType: undefined };
  const body = method === 'INVITE' ? writeSdp({ ...offer, direction: 'sendrecv' }) : '';
  const { port } = socket.address();
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.2:${port};branch=z9hG4bK-${callId};rport`,
    `From: <sip:13900000001@127.0.0.2>;tag=${callId}`,
    `To: <${uri}>`,
    `Call-ID: ${callId}@carrier`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:13900000001@127.0.0.2:${port}>`,
    'Max-Forwards: 70',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, asterisk.sipPort, '127.0.0.1');
}

test('a caller who cancels within milliseconds of the INVITE: the account of Asterisk names what was dialled, and the SIP Call-ID', async () => {
  console.info(`seed ${seed}`);
  const random = seeded(seed);
  for (let i = 0; i < calls; i++) {
    send('INVITE', `early-${i}`);
    // Busy waiting: a timer is too coarse for what is tried here.
    const leaveAt = performance.now() + random() * 4;
    while (performance.now() < leaveAt);
    send('CANCEL', `early-${i}`);
    await pause(20);
  }
  const told = () => {
    if (!existsSync(asterisk.celFile)) return [];
    const { records } = parseCel(readFileSync(asterisk.celFile));
    // Once each: what Asterisk runs of itself at the hang-up is no second arrival.
    const arrived = records.filter(({ userType }) => userType === 'HOTLINE_ARRIVED');
    expect(new Set(arrived.map(({ linkedId }) => linkedId)).size).toBe(arrived.length);
    return [...Map.groupBy(records, ({ linkedId }) => linkedId).values()].map(callFromCel);
  };
  // A call is in the account before its number is.
  const ofAll = () => {
    const all = told();
    return all.length >= calls && all.every((call) => call?.sipCallId) ? all : null;
  };
  // A call that its caller had to cancel again, as it was not known yet, goes on in the fallback; all have arrived.
  const found = await until('all calls to be told of', ofAll, { withinMs: 20_000, seen: told });
  const arrivals = found.map((call) => [call?.source, call?.dialledNumber, call?.account, call?.sipCallId]);
  expect(arrivals.sort()).toEqual(
    Array.from({ length: calls }, (_, i) => ['trunk', '95598', 'trunk', `early-${i}@carrier`]).sort(),
  );
});
