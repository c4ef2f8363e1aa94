import { createSocket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { holdOpen } from './raw-http.ts';
import type { Chance } from './seeded.ts';
import { plain, request, sdp } from './torture/message.ts';

/** Whom to besiege. */
export type Castle = { sipPort: number; webSocketPort: number; rtpPorts: { first: number; last: number } };

type Shot = { bytes: Buffer | string; port: number };

/** Datagrams from one address, a few at a time so that the machine's own buffers do not lose them. Answers are not listened to. */
async function shoot(ip: string, shots: Iterable<Shot>): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, ip, resolve);
  });
  try {
    let sent = 0;
    for (const { bytes, port } of shots) {
      // Nobody listens at most media ports: the machine says so, and that is fine.
      await new Promise<void>((resolve) => socket.send(bytes, port, '127.0.0.1', () => resolve()));
      sent += 1;
      if (sent % 20 === 0) await setImmediate();
    }
  } finally {
    socket.close();
  }
}

const placeOf = (ip: string, sipPort: number, nonce: string) => ({
  target: `127.0.0.1:${sipPort}`,
  own: `${ip}:9`,
  ownIp: ip,
  transport: 'UDP' as const,
  nonce,
});

/** Callers who dial and never say another word: no ACK, no CANCEL, no BYE. Their Call-IDs begin with `mark`. */
export function silentCallers(castle: Castle, ip: string, count: number, mark: string): Promise<void> {
  return shoot(ip, invites(castle, ip, count, mark));
}

function* invites({ sipPort }: Castle, ip: string, count: number, mark: string): Generator<Shot> {
  for (let i = 0; i < count; i += 1) {
    const place = placeOf(ip, sipPort, `${mark}${i}`);
    yield {
      port: sipPort,
      bytes: request(place, `INVITE sip:95598@${place.target} SIP/2.0`, {}, sdp(place)),
    };
  }
}

/** Callers who take it back in the same moment, before or after it was answered. */
export function hastyCallers(castle: Castle, ip: string, count: number, mark: string): Promise<void> {
  const { sipPort } = castle;
  function* shots(): Generator<Shot> {
    for (const shot of invites(castle, ip, count, mark)) {
      yield shot;
      const cancel = String(shot.bytes).split('\r\n\r\n')[0] ?? '';
      const lines = cancel.split('\r\n').filter((line) => !/^(Content|Contact)/.test(line));
      yield {
        port: sipPort,
        bytes: `${lines.join('\r\n').replaceAll('INVITE', 'CANCEL')}\r\nContent-Length: 0\r\n\r\n`,
      };
    }
  }
  return shoot(ip, shots());
}

/** Requests of dialogs that never were, registrations with wrong passwords, and questions, all mixed. */
export function strayRequests({ sipPort }: Castle, ip: string, count: number, dice: Chance): Promise<void> {
  function* shots(): Generator<Shot> {
    for (let i = 0; i < count; i += 1) {
      const place = placeOf(ip, sipPort, `stray${dice.below(1e9)}`);
      const method = dice.one([
        'BYE',
        'REGISTER',
        'OPTIONS',
        'INFO',
        'ACK',
        'CANCEL',
        'PRACK',
        'UPDATE',
        'SUBSCRIBE',
        'REFER',
      ]);
      const user = dice.one(['1001', '1002', 'caller', 'trunk', 'nobody', '../../etc']);
      const digest = `username="${user}",realm="hotline",nonce="${dice.below(1e9)}",uri="sip:x",response="${'0'.repeat(32)}"`;
      const { to, from } = plain(place, method);
      const twisted = {
        to: method === 'REGISTER' ? `To: <sip:${user}@${place.target}>` : `${to};tag=${dice.below(1e6)}`,
        from: method === 'REGISTER' ? `From: <sip:${user}@${place.target}>;tag=${dice.below(1e6)}` : from,
        ...(dice.below(2) === 0 && { extra: `Authorization: Digest ${digest}` }),
      };
      yield {
        port: sipPort,
        bytes: request(place, `${method} sip:${user}@${place.target} SIP/2.0`, twisted),
      };
    }
  }
  return shoot(ip, shots());
}

/** Random bytes, with and without the look of RTP, to every media port. */
export function mediaGarbage({ rtpPorts }: Castle, ip: string, rounds: number, dice: Chance): Promise<void> {
  function* shots(): Generator<Shot> {
    for (let round = 0; round < rounds; round += 1)
      for (let port = rtpPorts.first; port <= rtpPorts.last; port += 1) {
        const bytes = dice.bytes(1 + dice.below(400));
        if (dice.below(2) === 0) bytes[0] = 0x80;
        yield { port, bytes };
      }
  }
  return shoot(ip, shots());
}

/** Messages as large as a datagram can be: one header without an end, thousands of headers, a body of nothing. */
export function hugeMessages({ sipPort }: Castle, ip: string, count: number): Promise<void> {
  function* shots(): Generator<Shot> {
    for (let i = 0; i < count; i += 1) {
      const place = placeOf(ip, sipPort, `huge${i}`);
      const extra =
        [
          `X-Long: ${'x'.repeat(60_000)}`,
          'X-Many: x\r\n'.repeat(5_000).trimEnd(),
          `Via: ${'SIP/2.0/UDP a;branch=z9hG4bK1, '.repeat(1_500)}SIP/2.0/UDP b`,
        ][i % 3] ?? '';
      yield { port: sipPort, bytes: request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, { extra }) };
    }
  }
  return shoot(ip, shots());
}

/**
 * TCP connections to the SIP port whose message never ends, and WebSockets that speak anything but SIP. They stay open until the
 * returned function is called.
 */
export async function endlessLines(
  { sipPort, webSocketPort }: Castle,
  count: number,
  dice: Chance,
): Promise<() => void> {
  const sockets = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      holdOpen(sipPort, i % 2 === 0 ? `INVITE sip:x@y SIP/2.0\r\nX: ${'x'.repeat(200_000)}` : ''),
    ),
  );
  const webSockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${webSocketPort}/ws`, 'sip');
      socket.on('error', () => socket.terminate());
      await new Promise<void>((resolve) => {
        socket.once('open', () => resolve());
        socket.once('close', () => resolve());
      });
      for (let frame = 0; frame < 20 && socket.readyState === WebSocket.OPEN; frame += 1) {
        const binary = dice.below(2) === 0;
        socket.send(
          binary
            ? dice.bytes(1 + dice.below(3_000))
            : `OPTIONS sip:${'x'.repeat(dice.below(3_000))} SIP/2.0\r\n`,
          { binary },
        );
      }
      return socket;
    }),
  );
  return () => {
    for (const socket of sockets) socket.destroy();
    for (const socket of webSockets) socket.terminate();
  };
}
