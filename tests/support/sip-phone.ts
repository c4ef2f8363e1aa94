import { Media } from './media.ts';
import type { HearOptions, Phone, PhoneState } from './phone.ts';
import { newTag, SDP, SipDialog } from './sip-dialog.ts';
import { headerOf, type SipMessage, userOf } from './sip-message.ts';
import { type Account, credentialsFor, SipRegistration } from './sip-registration.ts';
import { type Header, type Respond, SipSocket } from './sip-socket.ts';
import { patienceMs, pause, until } from './until.ts';

export type SipPhoneOptions = {
  user: string;
  /** Without one, challenges end the attempt (a trunk's caller has none). */
  password?: string;
  /** Where Asterisk listens on 127.0.0.1. */
  sipPort: number;
  ip?: string;
  /** Where it listens itself, when somebody is to call it unasked. */
  ownPort?: number;
  /** What the agent says. */
  toneHz?: number;
  /** Send and record sound; off for load. Default on. */
  audio?: boolean;
  /** Offers telephone events (RFC 4733). Default on. */
  telephoneEvents?: boolean;
  /** Pick up at once, or leave it to the test. */
  answer?: 'auto' | 'manual';
  /** Told when it begins to ring: for robots that answer after a while. */
  onRinging?: (phone: SipPhone) => void;
};

const registeredForS = 600;
const refreshAgainS = 10;
const leavesWithinMs = 5_000;

type Ringing = { invite: SipMessage; respond: Respond };

/** A SIP telephone of our own: one call at a time, exact to the millisecond, many in one process. */
export class SipPhone implements Phone {
  readonly user: string;
  state: PhoneState = 'idle';
  ringCount = 0;
  /** Why the last ring that was cancelled was, as the other side said (RFC 3326). */
  cancelledBecause = '';
  /** What happened, in order, with epoch milliseconds; of a ring also the caller's number. */
  readonly log: { at: number; what: string; from?: string }[] = [];
  readonly #options: SipPhoneOptions;
  #socket: SipSocket | undefined;
  #dialog: SipDialog | undefined;
  #ringing: Ringing | undefined;
  #dialling: { headers: readonly Header[]; uri: string; cancelled: boolean } | undefined;
  #registered = false;
  #refresh: NodeJS.Timeout | undefined;
  #stopAnswer: (() => void) | undefined;
  #transferStatus: number | undefined;
  readonly #account: Account;
  readonly #registration: SipRegistration;

  private constructor(options: SipPhoneOptions) {
    this.user = options.user;
    this.#options = options;
    this.#account = { user: options.user, password: options.password, sipPort: options.sipPort };
    this.#registration = new SipRegistration(this.#account);
  }

  /** Takes a port; doesn't register yet. */
  static async open(options: SipPhoneOptions): Promise<SipPhone> {
    const phone = new SipPhone(options);
    const target = { ip: '127.0.0.1', port: options.sipPort };
    const onRequest = (request: SipMessage, respond: Respond): void => phone.#take(request, respond);
    phone.#socket = await SipSocket.open(options.ip ?? '127.0.0.3', target, { onRequest }, options.ownPort);
    return phone;
  }

  /** The present (or last) call's sound. @throws before the first call */
  get media(): Media {
    if (!this.#dialog) throw new Error(`phone ${this.user} has had no call yet`);
    return this.#dialog.media;
  }

  /** What it says; 0 is silence. */
  get toneHz(): number {
    return this.#options.toneHz ?? 0;
  }

  /** Call-ID of the present or last call. */
  get sipCallId(): string | undefined {
    return this.#dialog?.callId;
  }

  get registered(): boolean {
    return this.#registered;
  }

  register(): Promise<void> {
    return this.#register(registeredForS);
  }

  unregister(): Promise<void> {
    return this.#register(0);
  }

  async dial(number: string): Promise<string> {
    const socket = this.#open();
    if (this.state !== 'idle') throw new Error(`phone ${this.user} is ${this.state}: it can't dial`);
    this.#become('dialling', `dials ${number}`);
    const uri = `sip:${encodeURIComponent(number).replaceAll('%2A', '*')}@127.0.0.1:${this.#options.sipPort}`;
    this.#dialog?.media.close();
    const dialog = SipDialog.outgoing(socket, this.user, uri, await this.#newMedia());
    dialog.telephoneEvents = this.#options.telephoneEvents ?? true;
    this.#dialog = dialog;
    let response = await this.#invite(dialog, uri);
    const credentials = credentialsFor(this.#account, response, 'INVITE', uri);
    if (credentials) response = await this.#invite(dialog, uri, [credentials]);
    if (response.status !== 200) {
      this.#over(response.startLine.slice(8));
      return response.startLine.slice(8);
    }
    dialog.accepted(response);
    this.#become('talking', 'answered');
    if (this.#dialling?.cancelled) await this.hangUp();
    return 'answered';
  }

  async incoming(withinMs = patienceMs): Promise<void> {
    await this.#reaches('ringing', withinMs);
  }

  async answer(): Promise<void> {
    this.answerNow();
    await this.#reaches('talking', patienceMs);
  }

  /** Sends the 200 at this very moment and waits for nothing: for races with a caller who leaves. */
  answerNow(): void {
    const { invite, respond } = this.#rings();
    const dialog = this.#dialogNow();
    respond(200, 'OK', [['To', dialog.local], dialog.contact(), SDP], dialog.describe(dialog.hear(invite)));
    this.#stopAnswer = this.#open().repeatAnswer(invite);
    this.#ringing = undefined;
    this.log.push({ at: Date.now(), what: 'picks up' });
  }

  async decline(status = 486, reason = 'Busy Here'): Promise<void> {
    const { respond } = this.#rings();
    respond(status, reason, [['To', this.#dialogNow().local]]);
    this.#over(`declines ${status}`);
  }

  /** Answers the call that rings with whatever is given; what comes of it is the other side's to decide. */
  replyWith(status: number, reason: string, headers: readonly Header[] = [], body = ''): void {
    const { respond } = this.#rings();
    respond(status, reason, [['To', this.#dialogNow().local], ...headers], body);
    if (status >= 300) this.#over(`replies ${status}`);
  }

  /** BYE in a call, CANCEL while dialling, 486 while ringing. */
  async hangUp(): Promise<void> {
    if (this.#ringing) return this.decline();
    if (this.state === 'dialling') return this.#cancel();
    if (this.state === 'idle') return;
    const dialog = this.#dialogNow();
    const bye = this.#open().request(`BYE ${dialog.target} SIP/2.0`, dialog.headers('BYE'));
    this.#over('hangs up');
    await bye;
  }

  /**
   * The phone's own transfer key: REFER to a number, or to what stands in `<…>`, as it is.
   * @returns the status that it is answered with; 202: what came of it is told later (`transferAnswer`)
   */
  async refer(to: string, extra: readonly Header[] = []): Promise<number> {
    const dialog = this.#dialogNow();
    const referTo = to.startsWith('<') ? to : `<sip:${to}@127.0.0.1:${this.#options.sipPort}>`;
    this.#transferStatus = undefined;
    const answer = await this.#open().request(
      `REFER ${dialog.target} SIP/2.0`,
      dialog.headers('REFER', [['Refer-To', referTo], ...extra]),
    );
    return answer.status ?? 0;
  }

  /** Waits for what came of the last REFER: the final status that its NOTIFY names. */
  transferAnswer(withinMs = patienceMs): Promise<number> {
    return until(`phone ${this.user} to hear of its transfer`, () => this.#transferStatus, { withinMs });
  }

  hold(): Promise<void> {
    return this.#changeDirection('sendonly');
  }

  resume(): Promise<void> {
    return this.#changeDirection('sendrecv');
  }

  async talking(withinMs = patienceMs): Promise<void> {
    await this.#reaches('talking', withinMs);
  }

  async idle(withinMs = patienceMs): Promise<void> {
    await this.#reaches('idle', withinMs);
  }

  hears(toneHz: number, options: HearOptions = {}): Promise<void> {
    return this.media.hears(toneHz, { ...options, sinceMs: this.media.recording.lengthMs });
  }

  /** Presses keys by RFC 4733. */
  press(keys: string): Promise<void> {
    return this.media.say({ dtmf: keys });
  }

  async kill(): Promise<void> {
    this.#socket?.goDeaf();
    this.#registered = false;
    this.#stopAnswer?.();
    this.#dialog?.media.close();
    this.#become('idle', 'vanishes');
  }

  async stop(): Promise<void> {
    // A server that is gone already must not hold up the end of a test; a slow one is to hear of it, or the next test meets this phone.
    if (this.#registered)
      await Promise.race([this.hangUp().then(() => this.unregister()), pause(leavesWithinMs)]);
    this.#stopAnswer?.();
    this.#dialog?.media.close();
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #register(expiresS: number): Promise<void> {
    clearTimeout(this.#refresh);
    await this.#registration.send(this.#open(), expiresS);
    this.#registered = expiresS > 0;
    if (this.#registered) this.#refreshIn(expiresS / 2);
    this.log.push({ at: Date.now(), what: expiresS > 0 ? 'registered' : 'unregistered' });
  }

  /** Before it expires, as a phone does; when nobody answers, again soon. */
  #refreshIn(seconds: number): void {
    this.#refresh = setTimeout(() => {
      if (!this.#socket || !this.#registered) return;
      this.#registration.send(this.#socket, registeredForS).then(
        () => this.#refreshIn(registeredForS / 2),
        () => this.#refreshIn(refreshAgainS),
      );
    }, seconds * 1_000);
    this.#refresh.unref();
  }

  #invite(dialog: SipDialog, uri: string, extra: Header[] = []): Promise<SipMessage> {
    const headers = dialog.headers('INVITE', [SDP, ...extra]);
    this.#dialling = { headers, uri, cancelled: this.#dialling?.cancelled ?? false };
    const early = (response: SipMessage): void => {
      dialog.hear(response);
      if (response.status === 180) this.log.push({ at: Date.now(), what: 'hears ringing' });
    };
    return this.#open().request(`INVITE ${uri} SIP/2.0`, headers, dialog.describe(), early);
  }

  async #cancel(): Promise<void> {
    const dialling = this.#dialling;
    if (!dialling) return;
    dialling.cancelled = true;
    // RFC 3261 §9.1: the INVITE's own Via, number and ends.
    const kept = dialling.headers.filter(([name]) =>
      ['Via', 'From', 'To', 'Call-ID', 'Max-Forwards'].includes(name),
    );
    const number = dialling.headers.find(([name]) => name === 'CSeq')?.[1].split(' ')[0];
    await this.#open().request(`CANCEL ${dialling.uri} SIP/2.0`, [...kept, ['CSeq', `${number} CANCEL`]]);
  }

  #take(request: SipMessage, respond: Respond): void {
    const ours = headerOf(request, 'Call-ID') === this.#dialog?.callId;
    const reInvite = ours && this.state === 'talking';
    if (request.method === 'INVITE')
      void (reInvite ? this.#takeReInvite(request, respond) : this.#ring(request, respond));
    else if (request.method === 'ACK') this.#takeAck(ours);
    else if (request.method === 'CANCEL') this.#takeCancel(request, respond);
    else if (request.method === 'BYE') this.#takeBye(ours, respond);
    else if (request.method === 'NOTIFY') this.#takeNotify(request, respond);
    else respond(200, 'OK');
  }

  async #ring(invite: SipMessage, respond: Respond): Promise<void> {
    const from = userOf(headerOf(invite, 'From'));
    if (this.state !== 'idle') {
      this.log.push({ at: Date.now(), what: 'is busy', from });
      respond(486, 'Busy Here', [['To', `${headerOf(invite, 'To')};tag=${newTag()}`]]);
      return;
    }
    this.state = 'ringing';
    this.log.push({ at: Date.now(), what: 'rings', from });
    this.ringCount += 1;
    this.#dialog?.media.close();
    this.#dialog = undefined;
    this.#ringing = { invite, respond };
    const media = await this.#newMedia();
    if (this.#ringing?.invite !== invite) {
      // Cancelled in the instant before it could ring.
      media.close();
      return;
    }
    const dialog = SipDialog.incoming(this.#open(), this.user, invite, media);
    this.#dialog = dialog;
    respond(180, 'Ringing', [['To', dialog.local], dialog.contact()]);
    if (this.#options.answer === 'auto') this.answerNow();
    else this.#options.onRinging?.(this);
  }

  #takeReInvite(request: SipMessage, respond: Respond): void {
    const dialog = this.#dialogNow();
    respond(200, 'OK', [dialog.contact(), SDP], dialog.describe(dialog.hear(request)));
  }

  #takeAck(ours: boolean): void {
    this.#stopAnswer?.();
    this.#stopAnswer = undefined;
    if (ours && this.state === 'ringing') this.#become('talking', 'talks');
  }

  #takeCancel(request: SipMessage, respond: Respond): void {
    respond(200, 'OK');
    const ringing = this.#ringing;
    if (!ringing || headerOf(ringing.invite, 'Call-ID') !== headerOf(request, 'Call-ID')) return;
    ringing.respond(487, 'Request Terminated', this.#dialog ? [['To', this.#dialog.local]] : []);
    this.cancelledBecause = headerOf(request, 'Reason') ?? '';
    this.#over('was cancelled');
  }

  #takeBye(ours: boolean, respond: Respond): void {
    respond(ours ? 200 : 481, ours ? 'OK' : 'Call Does Not Exist');
    if (ours) this.#over('other side hung up');
  }

  /** How far a transfer is (RFC 3515): a line of SIP as the body. */
  #takeNotify(request: SipMessage, respond: Respond): void {
    respond(200, 'OK');
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(request.body)?.[1] ?? 0);
    if (status < 200) return;
    this.#transferStatus = status;
    this.log.push({ at: Date.now(), what: `hears ${status} of its transfer` });
  }

  async #changeDirection(direction: 'sendonly' | 'sendrecv'): Promise<void> {
    const dialog = this.#dialogNow();
    dialog.direction = direction;
    const headers = dialog.headers('INVITE', [SDP]);
    const response = await this.#open().request(
      `INVITE ${dialog.target} SIP/2.0`,
      headers,
      dialog.describe(),
    );
    if (response.status !== 200)
      throw new Error(`phone ${this.user}: ${direction} refused: ${response.startLine}`);
    dialog.accepted(response);
    dialog.media.mute(direction === 'sendonly');
  }

  async #newMedia(): Promise<Media> {
    const media = await Media.open({ ip: this.#open().ip, audio: this.#options.audio ?? true });
    media.tone(this.#options.toneHz);
    return media;
  }

  #over(how: string): void {
    this.#stopAnswer?.();
    this.#ringing = undefined;
    this.#dialling = undefined;
    this.#dialog?.media.close();
    this.#become('idle', how);
  }

  #become(state: PhoneState, what: string): void {
    this.state = state;
    this.log.push({ at: Date.now(), what });
  }

  async #reaches(state: PhoneState, withinMs: number): Promise<void> {
    const seen = () => `${this.state}; ${this.log.map(({ what }) => what).join(', ')}`;
    await until(`phone ${this.user} to be ${state}`, () => this.state === state, { withinMs, seen });
  }

  #open(): SipSocket {
    if (!this.#socket) throw new Error(`phone ${this.user} is stopped`);
    return this.#socket;
  }

  #dialogNow(): SipDialog {
    if (!this.#dialog) throw new Error(`phone ${this.user} has no call`);
    return this.#dialog;
  }

  #rings(): Ringing {
    if (!this.#ringing) throw new Error(`phone ${this.user} doesn't ring: it is ${this.state}`);
    return this.#ringing;
  }
}

/** Opens and registers many phones at once. */
export async function startSipPhones(all: readonly SipPhoneOptions[]): Promise<SipPhone[]> {
  return Promise.all(
    all.map(async (options) => {
      const phone = await SipPhone.open(options);
      await phone.register();
      return phone;
    }),
  );
}
