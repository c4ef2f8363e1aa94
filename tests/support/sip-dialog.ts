import { randomBytes } from 'node:crypto';
import type { Media } from './media.ts';
import { type AudioDescription, type Direction, offer, readSdp, writeSdp } from './sdp.ts';
import { headerOf, type SipMessage, sequenceOf } from './sip-message.ts';
import { contactOf, type Header, type SipSocket } from './sip-socket.ts';

/** One call of a test telephone: who the two ends are, where requests go, and what was agreed about sound. */
export class SipDialog {
  readonly callId: string;
  readonly media: Media;
  /** This end's From/To value, with its tag. */
  readonly local: string;
  /** The other end's; without a tag until it has answered. */
  remote: string;
  /** Where requests go. */
  target: string;
  direction: Direction = 'sendrecv';
  /** Whether telephone events (RFC 4733) are offered; old gateways know none, and send keys as sound. */
  telephoneEvents = true;
  readonly #socket: SipSocket;
  readonly #user: string;
  #sequence = 0;
  #descriptionVersion = 1;

  private constructor(
    socket: SipSocket,
    user: string,
    media: Media,
    ends: Pick<SipDialog, 'callId' | 'local' | 'remote' | 'target'>,
  ) {
    this.#socket = socket;
    this.#user = user;
    this.media = media;
    this.callId = ends.callId;
    this.local = ends.local;
    this.remote = ends.remote;
    this.target = ends.target;
  }

  static outgoing(socket: SipSocket, user: string, uri: string, media: Media): SipDialog {
    return new SipDialog(socket, user, media, {
      callId: `${newTag()}@${socket.ip}`,
      local: `<sip:${user}@${socket.ip}>;tag=${newTag()}`,
      remote: `<${uri}>`,
      target: uri,
    });
  }

  static incoming(socket: SipSocket, user: string, invite: SipMessage, media: Media): SipDialog {
    return new SipDialog(socket, user, media, {
      callId: headerOf(invite, 'Call-ID'),
      local: `${headerOf(invite, 'To')};tag=${newTag()}`,
      remote: headerOf(invite, 'From'),
      target: contactOf(invite),
    });
  }

  /** Headers of the next request of this dialog. */
  headers(method: string, extra: readonly Header[] = []): Header[] {
    this.#sequence += 1;
    return this.#headers(method, this.#sequence, extra);
  }

  /** Takes the other end's name, target and sound from its answer, and acknowledges it. */
  accepted(response: SipMessage): void {
    this.remote = headerOf(response, 'To');
    this.target = contactOf(response) || this.target;
    this.hear(response);
    const { number } = sequenceOf(response);
    this.#socket.acknowledge(this.callId, `ACK ${this.target} SIP/2.0`, this.#headers('ACK', number, []));
  }

  /** Speaks from now on to where the other end's description says. */
  hear(message: SipMessage): AudioDescription | undefined {
    const remote = readSdp(message.body);
    if (remote) this.media.connect(remote);
    return remote;
  }

  /** Our description: an offer, or the answer to theirs. */
  describe(theirs?: AudioDescription): string {
    this.#descriptionVersion += 1;
    const ours = {
      ...offer(this.#socket.ip, this.media.port),
      direction: this.direction,
      ...(!this.telephoneEvents && { eventType: undefined }),
    };
    if (!theirs) return writeSdp(ours, this.#descriptionVersion);
    const laws = theirs.laws.length > 0 ? theirs.laws.slice(0, 1) : ours.laws;
    const direction = mirrored(theirs.direction, this.direction);
    return writeSdp({ ...ours, laws, eventType: theirs.eventType, direction }, this.#descriptionVersion);
  }

  contact(): Header {
    return ['Contact', `<sip:${this.#user}@${this.#socket.ip}:${this.#socket.port}>`];
  }

  #headers(method: string, sequence: number, extra: readonly Header[]): Header[] {
    return [
      this.#socket.via(),
      ['From', this.local],
      ['To', this.remote],
      ['Call-ID', this.callId],
      ['CSeq', `${sequence} ${method}`],
      this.contact(),
      ['Max-Forwards', '70'],
      ...extra,
    ];
  }
}

export const SDP: Header = ['Content-Type', 'application/sdp'];

export function newTag(): string {
  return randomBytes(6).toString('hex');
}

/** RFC 3264 §6.1: who is told "I only send" only listens. */
function mirrored(theirs: Direction, ours: Direction): Direction {
  if (theirs === 'sendonly') return ours === 'sendonly' ? 'inactive' : 'recvonly';
  if (theirs === 'recvonly') return 'sendonly';
  return theirs === 'inactive' ? 'inactive' : ours;
}
