import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, type Socket as TcpSocket } from 'node:net';
import { newTag } from '../sip-dialog.ts';
import { headerOf, parseSip, type SipMessage, sequenceOf, uriOf, writeSip } from '../sip-message.ts';
import type { Header } from '../sip-socket.ts';
import type { Place, TortureMessage } from './message.ts';

/** What came back for one message. */
export type Reply = {
  sent: TortureMessage;
  callId: string;
  statuses: number[] /** An INVITE was answered. */;
  invited: boolean;
  over: boolean;
};

type Line = { own: string; send(bytes: Buffer | string): void; close(): void };

/** Somebody who sends one message, and then behaves: acknowledges what he gets, and hangs up a call that was taken. */
export class TortureSender {
  readonly reply: Reply;
  readonly #line: Line;
  readonly #place: Place;

  private constructor(line: Line, place: Place, sent: TortureMessage) {
    this.#line = line;
    this.#place = place;
    this.reply = { sent, callId: place.nonce, statuses: [], invited: false, over: false };
  }

  static async sends(
    sent: TortureMessage,
    { ip, sipPort, transport }: { ip: string; sipPort: number; transport: 'UDP' | 'TCP' },
  ): Promise<TortureSender> {
    let sender: TortureSender | null = null;
    const take = (text: string) => sender?.take(text);
    const line = await (transport === 'UDP' ? overUdp(ip, sipPort, take) : overTcp(ip, sipPort, take));
    const place: Place = {
      target: `127.0.0.1:${sipPort}`,
      own: line.own,
      ownIp: ip,
      transport,
      nonce: `t${sent.section.replaceAll('.', '')}${newTag()}`,
    };
    sender = new TortureSender(line, place, sent);
    line.send(sent.build(place));
    return sender;
  }

  get finalStatus(): number | undefined {
    return this.reply.statuses.find((status) => status >= 200);
  }

  close(): void {
    this.#line.close();
  }

  take(text: string): void {
    const message = parseSip(text);
    if (!message) return;
    if (message.status === undefined) {
      // The other side's BYE; anything else it might ask is answered as well.
      this.#line.send(
        writeSip(
          'SIP/2.0 200 OK',
          message.headers.filter(([name]) => kept.has(name.toLowerCase())),
        ),
      );
      if (message.method === 'BYE') this.reply.over = true;
      return;
    }
    const { method } = sequenceOf(message);
    if (method === 'BYE') {
      this.reply.over = true;
      return;
    }
    this.reply.statuses.push(message.status);
    if (method !== 'INVITE' || message.status < 200) return;
    this.reply.invited = true;
    this.#line.send(this.#within(message, 'ACK'));
    if (message.status < 300) this.#line.send(this.#within(message, 'BYE'));
  }

  /** A request of the dialog that an answer began. */
  #within(answer: SipMessage, method: 'ACK' | 'BYE'): string {
    const { number } = sequenceOf(answer);
    const accepted = (answer.status ?? 0) < 300;
    const target = accepted ? uriOf(headerOf(answer, 'Contact')) : `sip:95598@${this.#place.target}`;
    const branch = accepted ? `z9hG4bK${newTag()}` : `z9hG4bK${this.#place.nonce}`;
    const headers: Header[] = [
      ['Via', `SIP/2.0/${this.#place.transport} ${this.#place.own};rport;branch=${branch}`],
      ['From', headerOf(answer, 'From')],
      ['To', headerOf(answer, 'To')],
      ['Call-ID', headerOf(answer, 'Call-ID')],
      ['CSeq', `${method === 'ACK' ? number : number + 1} ${method}`],
      ['Max-Forwards', '70'],
    ];
    return writeSip(`${method} ${target} SIP/2.0`, headers);
  }
}

const kept = new Set(['via', 'from', 'to', 'call-id', 'cseq']);

async function overUdp(ip: string, sipPort: number, take: (text: string) => void): Promise<Line> {
  const socket: UdpSocket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, ip, resolve);
  });
  socket.on('message', (bytes) => take(bytes.toString('utf8')));
  return {
    own: `${ip}:${socket.address().port}`,
    send: (bytes) => socket.send(bytes, sipPort, '127.0.0.1'),
    close: () => socket.close(),
  };
}

async function overTcp(ip: string, sipPort: number, take: (text: string) => void): Promise<Line> {
  const socket: TcpSocket = connect({ host: '127.0.0.1', port: sipPort, localAddress: ip });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  // What cannot be read may cost the connection.
  socket.on('error', () => socket.destroy());
  let rest = '';
  socket.on('data', (bytes) => {
    rest += bytes.toString('utf8');
    for (let end = rest.indexOf('\r\n\r\n'); end !== -1; end = rest.indexOf('\r\n\r\n')) {
      const length = Number(/^(?:content-length|l)\s*: *(\d+)/im.exec(rest.slice(0, end))?.[1] ?? 0);
      if (rest.length < end + 4 + length) return;
      take(rest.slice(0, end + 4 + length));
      rest = rest.slice(end + 4 + length);
    }
  });
  return {
    own: `${ip}:${socket.localPort}`,
    send: (bytes) => void (socket.writable && socket.write(bytes)),
    close: () => socket.destroy(),
  };
}
