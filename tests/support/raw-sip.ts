import { createSocket } from 'node:dgram';
import { writeSdp } from './sdp.ts';
import { seeded } from './seeded.ts';
import { newTag, SDP } from './sip-dialog.ts';
import type { SipMessage } from './sip-message.ts';
import { credentialsFor } from './sip-registration.ts';
import { type Header, SipSocket } from './sip-socket.ts';

export type Attempt = {
  ip: string;
  sipPort: number;
  method: 'REGISTER' | 'INVITE';
  /** Who we say we are. */
  user: string;
  /** Answers one challenge with it. */
  password?: string;
  /** Dialled, for an INVITE. */
  to?: string;
};

/** The last answer to an attempt by somebody with no telephone and no manners. */
export async function answerTo({ ip, sipPort, method, user, password, to }: Attempt): Promise<SipMessage> {
  const socket = await SipSocket.open(ip, { ip: '127.0.0.1', port: sipPort }, { onRequest: () => undefined });
  try {
    const uri = method === 'REGISTER' ? `sip:127.0.0.1:${sipPort}` : `sip:${to}@127.0.0.1:${sipPort}`;
    const callId = `${newTag()}@stranger`;
    const attempt = (number: number, extra: readonly Header[]): Promise<SipMessage> => {
      const body =
        method === 'INVITE'
          ? writeSdp({ ip, port: 9_000, laws: ['pcma'], eventType: undefined, direction: 'sendrecv' })
          : '';
      const headers: Header[] = [
        socket.via(),
        ['From', `<sip:${user}@127.0.0.1>;tag=${newTag()}`],
        ['To', method === 'REGISTER' ? `<sip:${user}@127.0.0.1>` : `<${uri}>`],
        ['Call-ID', callId],
        ['CSeq', `${number} ${method}`],
        ['Contact', `<sip:${user}@${ip}:${socket.port}>`],
        ['Max-Forwards', '70'],
        ...(body === '' ? [] : [SDP]),
        ...extra,
      ];
      return socket.request(`${method} ${uri} SIP/2.0`, headers, body);
    };
    const first = await attempt(1, []);
    const credentials = credentialsFor({ user, password, sipPort }, first, method, uri);
    return credentials ? await attempt(2, [credentials]) : first;
  } finally {
    socket.close();
  }
}

/** Throws datagrams at the SIP port, one after the other; nobody listens to an answer. */
export async function throwAt(sipPort: number, ip: string, datagrams: Iterable<Uint8Array>): Promise<void> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, ip, resolve);
    });
    for (const datagram of datagrams)
      await new Promise<void>((resolve, reject) => {
        socket.send(datagram, sipPort, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
      });
  } finally {
    socket.close();
  }
}

/** Random bytes, cut-off messages and absurd ones, in turn; the same for the same seed. Some may be taken for calls. */
export function* garbage(seed: number, count: number): Generator<Uint8Array> {
  const random = seeded(seed);
  for (let i = 0; i < count; i++) {
    const absurd = ABSURD[Math.floor(random() * ABSURD.length)] ?? '';
    if (i % 3 === 0)
      yield Uint8Array.from({ length: 1 + Math.floor(random() * 1_200) }, () => random() * 256);
    else if (i % 3 === 1) yield Buffer.from(WHOLE.slice(0, Math.floor(random() * (WHOLE.length - 20))));
    else yield Buffer.from(absurd);
  }
}

const WHOLE = [
  'INVITE sip:95598@127.0.0.1 SIP/2.0',
  'Via: SIP/2.0/UDP 127.0.0.4:5999;branch=z9hG4bKgarbage',
  'From: <sip:x@127.0.0.4>;tag=1',
  'To: <sip:95598@127.0.0.1>',
  'Call-ID: garbage',
  'CSeq: 1 INVITE',
  'Max-Forwards: 70',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

const ABSURD = [
  WHOLE.replace('CSeq: 1', 'CSeq: 99999999999999999999'),
  WHOLE.replace('Content-Length: 0', 'Content-Length: -1'),
  WHOLE.replace('Content-Length: 0', 'Content-Length: 2000000000'),
  WHOLE.replace('Max-Forwards: 70', 'Max-Forwards: -70'),
  WHOLE.replace(/Via: .*\r\n/, ''),
  WHOLE.replace(/Call-ID: .*\r\n/, ''),
  WHOLE.replace('sip:95598', `sip:${'%00'.repeat(2_000)}`),
  WHOLE.replace('INVITE', 'SIP/2.0 200'),
  WHOLE.replaceAll('INVITE', 'BYE'),
  '\r\n'.repeat(500),
  'SIP/2.0 999 \0\0\0\r\n\r\n',
];
