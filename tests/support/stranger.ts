import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { newTag } from './sip-dialog.ts';
import { headerOf, parseSip, type SipMessage, sequenceOf, writeSip } from './sip-message.ts';
import { patienceMs, until } from './until.ts';

/**
 * Someone who sends what he likes: a call whose dialled user, name and Call-ID are put on the wire as they are given.
 * He has no password, acknowledges whatever final answer he gets, and hangs up by nothing but the other side's BYE.
 */
export class Stranger {
  readonly callId: string;
  readonly received: SipMessage[] = [];
  readonly #socket: Socket;
  readonly #sipPort: number;

  private constructor(socket: Socket, sipPort: number, callId: string) {
    this.#socket = socket;
    this.#sipPort = sipPort;
    this.callId = callId;
  }

  static async calls(call: {
    sipPort: number;
    /** As in the request line; '' for none. */
    user: string;
    from: string;
    sourceIp: string;
    callId?: string;
  }): Promise<Stranger> {
    const socket = createSocket('udp4');
    socket.bind(0, call.sourceIp);
    await once(socket, 'listening');
    const stranger = new Stranger(socket, call.sipPort, call.callId ?? `${newTag()}@${call.sourceIp}`);
    stranger.#invite(call.user, call.from, call.sourceIp);
    return stranger;
  }

  /** Status of the answer that ended the INVITE. */
  async finalStatus(withinMs = patienceMs): Promise<number> {
    const final = await until(
      'a final answer',
      () => this.received.find((message) => (message.status ?? 0) >= 200),
      { withinMs, seen: () => this.received.map((message) => message.startLine) },
    );
    return final.status ?? 0;
  }

  /** Waits for the other side's BYE. */
  async bye(): Promise<void> {
    await until('a BYE', () => this.received.some((message) => message.method === 'BYE'), {
      withinMs: 10_000,
      seen: () => this.received.map((message) => message.startLine),
    });
  }

  close(): void {
    this.#socket.close();
  }

  #invite(user: string, from: string, sourceIp: string): void {
    const { port } = this.#socket.address();
    const uri = user === '' ? `sip:127.0.0.1:${this.#sipPort}` : `sip:${user}@127.0.0.1:${this.#sipPort}`;
    const headers = (method: string, to: string): [string, string][] => [
      ['Via', `SIP/2.0/UDP ${sourceIp}:${port};branch=z9hG4bK${newTag()}`],
      ['Max-Forwards', '70'],
      ['From', `<sip:${from}@${sourceIp}>;tag=stranger`],
      ['To', to],
      ['Call-ID', this.callId],
      ['CSeq', `1 ${method}`],
      ['Contact', `<sip:stranger@${sourceIp}:${port}>`],
    ];
    const body = `v=0\r\no=- 1 1 IN IP4 ${sourceIp}\r\ns=-\r\nc=IN IP4 ${sourceIp}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n`;
    this.#socket.on('message', (datagram) => {
      const message = parseSip(datagram.toString('utf8'));
      if (!message) return;
      this.received.push(message);
      if ((message.status ?? 0) >= 200 && sequenceOf(message).method === 'INVITE') {
        this.#send(writeSip(`ACK ${uri} SIP/2.0`, headers('ACK', headerOf(message, 'To'))));
      }
      if (message.method === 'BYE') this.#send(writeSip('SIP/2.0 200 OK', message.headers));
    });
    const invite = [
      ...headers('INVITE', `<${uri}>`),
      ['Content-Type', 'application/sdp'] as [string, string],
    ];
    this.#send(writeSip(`INVITE ${uri} SIP/2.0`, invite, body));
  }

  #send(text: string): void {
    this.#socket.send(text, this.#sipPort, '127.0.0.1');
  }
}
