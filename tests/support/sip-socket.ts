import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import {
  headerOf,
  headersOf,
  parameterOf,
  parseSip,
  type SipMessage,
  sequenceOf,
  uriOf,
  writeSip,
} from './sip-message.ts';

export type Header = readonly [name: string, value: string];
/** Answers a request; may be called several times (180, then 200). */
export type Respond = (status: number, reason: string, headers?: readonly Header[], body?: string) => void;

/** T1 of RFC 3261 §17: first retransmission; each further one waits twice as long. */
const FIRST_RETRY_MS = 500;
/** 64 × T1: then a request counts as lost (Timers B and F), or an answer as never acknowledged (Timer H). */
const GIVE_UP_MS = 32_000;

export type SipSocketEvents = {
  /** A new request (retransmissions are answered here, ACK included as a request). */
  onRequest: (request: SipMessage, respond: Respond) => void;
};

/** UDP transport and transactions (RFC 3261 §17) of one telephone. */
export class SipSocket {
  readonly ip: string;
  readonly #socket: Socket;
  readonly #target: { ip: string; port: number };
  readonly #onRequest: SipSocketEvents['onRequest'];
  readonly #clients = new Map<string, (response: SipMessage) => void>();
  /** Last answer per server transaction, for retransmitted requests. */
  readonly #answers = new Map<string, string>();
  /** ACK per call, repeated when the 200 comes again. */
  readonly #acks = new Map<string, string>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #deaf = false;

  private constructor(
    socket: Socket,
    ip: string,
    target: { ip: string; port: number },
    events: SipSocketEvents,
  ) {
    this.#socket = socket;
    this.ip = ip;
    this.#target = target;
    this.#onRequest = events.onRequest;
    socket.on('message', (bytes) => this.#receive(bytes.toString('utf8')));
  }

  static async open(
    ip: string,
    target: { ip: string; port: number },
    events: SipSocketEvents,
    /** Its own port; any free one unless given. */
    port = 0,
  ): Promise<SipSocket> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, ip, resolve);
    });
    return new SipSocket(socket, ip, target, events);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** A fresh Via with its branch. */
  via(branch = `z9hG4bK${randomBytes(8).toString('hex')}`): Header {
    return ['Via', `SIP/2.0/UDP ${this.ip}:${this.port};rport;branch=${branch}`];
  }

  /**
   * Sends a request until it is answered; resolves with the final response, or with 408 when none came.
   * The ACK of a refused INVITE is sent here; that of an accepted one is the caller's (`acknowledge`).
   */
  request(
    startLine: string,
    headers: readonly Header[],
    body = '',
    onProvisional?: (response: SipMessage) => void,
  ): Promise<SipMessage> {
    const text = writeSip(startLine, headers, body);
    const request = parseSip(text);
    if (!request) throw new Error(`not a SIP request: ${startLine}`);
    const key = `${branchOf(request)} ${request.method}`;
    return new Promise((resolve) => {
      const stop = this.#repeat(text, () =>
        finish({ ...request, startLine: 'SIP/2.0 408 No reply', status: 408 }),
      );
      const finish = (response: SipMessage): void => {
        stop();
        this.#clients.delete(key);
        resolve(response);
      };
      this.#clients.set(key, (response) => {
        const status = response.status ?? 0;
        if (status < 200) {
          if (request.method === 'INVITE') stop();
          onProvisional?.(response);
          return;
        }
        if (request.method === 'INVITE' && status >= 300) this.#acknowledgeRefusal(request, response);
        finish(response);
      });
    });
  }

  /** Sends the ACK of an accepted INVITE, now and whenever its 200 is repeated. */
  acknowledge(callId: string, startLine: string, headers: readonly Header[]): void {
    const text = writeSip(startLine, headers);
    this.#acks.set(callId, text);
    this.#send(text);
  }

  /** Repeats the last answer to this INVITE until the returned function is called (§13.3.1.4). */
  repeatAnswer(invite: SipMessage): () => void {
    const answer = this.#answers.get(`${branchOf(invite)} INVITE`);
    if (answer === undefined) throw new Error('nothing was answered yet');
    return this.#repeat(answer, () => undefined, false);
  }

  /** From now on nothing is heard and nothing sent: the plug is pulled, but the port stays taken. */
  goDeaf(): void {
    this.#deaf = true;
    this.#stopRetries();
  }

  close(): void {
    this.#deaf = true;
    this.#stopRetries();
    this.#socket.close();
  }

  #receive(text: string): void {
    const message = this.#deaf ? undefined : parseSip(text);
    if (!message) return;
    if (message.status !== undefined) this.#takeResponse(message);
    else this.#takeRequest(message);
  }

  #takeResponse(response: SipMessage): void {
    const { method } = sequenceOf(response);
    const client = this.#clients.get(`${branchOf(response)} ${method}`);
    if (client) client(response);
    else if (method === 'INVITE') this.#send(this.#acks.get(headerOf(response, 'Call-ID')));
  }

  #takeRequest(request: SipMessage): void {
    const key = `${branchOf(request)} ${request.method}`;
    const known = this.#answers.get(key);
    if (known !== undefined) {
      this.#send(known);
      return;
    }
    this.#onRequest(request, (status, reason, headers = [], body = '') => {
      const copied = ['Via', 'From', 'Call-ID', 'CSeq'].flatMap((name) =>
        headersOf(request, name).map((value): Header => [name, value]),
      );
      const to: Header[] = headers.some(([name]) => name === 'To') ? [] : [['To', headerOf(request, 'To')]];
      const answer = writeSip(`SIP/2.0 ${status} ${reason}`, [...copied, ...to, ...headers], body);
      this.#answers.set(key, answer);
      this.#send(answer);
    });
  }

  #acknowledgeRefusal(invite: SipMessage, response: SipMessage): void {
    const headers: Header[] = [
      ['Via', headerOf(invite, 'Via')],
      ['From', headerOf(invite, 'From')],
      ['To', headerOf(response, 'To')],
      ['Call-ID', headerOf(invite, 'Call-ID')],
      ['CSeq', `${sequenceOf(invite).number} ACK`],
      ['Max-Forwards', '70'],
    ];
    this.#send(writeSip(invite.startLine.replace('INVITE', 'ACK'), headers));
  }

  #repeat(text: string, onGiveUp: () => void, now = true): () => void {
    let timer: NodeJS.Timeout;
    const later = (waitMs: number, waitedMs: number): void => {
      timer = setTimeout(() => {
        this.#retries.delete(timer);
        if (waitedMs + waitMs >= GIVE_UP_MS) {
          onGiveUp();
          return;
        }
        this.#send(text);
        later(waitMs * 2, waitedMs + waitMs);
      }, waitMs);
      this.#retries.add(timer);
    };
    if (now) this.#send(text);
    later(FIRST_RETRY_MS, 0);
    return () => {
      clearTimeout(timer);
      this.#retries.delete(timer);
    };
  }

  #stopRetries(): void {
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
  }

  #send(text: string | undefined): void {
    if (text !== undefined && !this.#deaf) this.#socket.send(text, this.#target.port, this.#target.ip);
  }
}

function branchOf(message: SipMessage): string {
  return parameterOf(headerOf(message, 'Via'), 'branch') ?? '';
}

/** The URI a dialog's requests go to. */
export function contactOf(message: SipMessage): string {
  return uriOf(headerOf(message, 'Contact'));
}
