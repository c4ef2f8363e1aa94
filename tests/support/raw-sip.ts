import { createSocket } from 'node:dgram';
import { writeSdp } from './sdp.ts';
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
