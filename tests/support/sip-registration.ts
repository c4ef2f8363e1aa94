import { newTag } from './sip-dialog.ts';
import { authorize } from './sip-digest.ts';
import { headerOf, type SipMessage } from './sip-message.ts';
import type { Header, SipSocket } from './sip-socket.ts';

export type Account = { user: string; password: string | undefined; sipPort: number };

/** A phone's registration: REGISTER with digest, and the same to take it back. */
export class SipRegistration {
  readonly #account: Account;
  readonly #callId = `${newTag()}@phone`;
  #sequence = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Registers for `expiresS` seconds; 0 takes the registration back. @throws when refused */
  async send(socket: SipSocket, expiresS: number): Promise<void> {
    const uri = `sip:127.0.0.1:${this.#account.sipPort}`;
    let response = await this.#attempt(socket, uri, expiresS, []);
    const credentials = credentialsFor(this.#account, response, 'REGISTER', uri);
    if (credentials) response = await this.#attempt(socket, uri, expiresS, [credentials]);
    if (response.status !== 200)
      throw new Error(`phone ${this.#account.user}: registration refused: ${response.startLine.slice(8)}`);
  }

  #attempt(socket: SipSocket, uri: string, expiresS: number, extra: Header[]): Promise<SipMessage> {
    const { user } = this.#account;
    this.#sequence += 1;
    return socket.request(`REGISTER ${uri} SIP/2.0`, [
      socket.via(),
      ['From', `<sip:${user}@127.0.0.1>;tag=${newTag()}`],
      ['To', `<sip:${user}@127.0.0.1>`],
      ['Call-ID', this.#callId],
      ['CSeq', `${this.#sequence} REGISTER`],
      ['Contact', `<sip:${user}@${socket.ip}:${socket.port}>;expires=${expiresS}`],
      ['Max-Forwards', '70'],
      ...extra,
    ]);
  }
}

/** The answer to a response's challenge, or undefined when there is none, or no password to answer with. */
export function credentialsFor(
  { user, password }: Account,
  response: SipMessage,
  method: string,
  uri: string,
): Header | undefined {
  if (password === undefined || (response.status !== 401 && response.status !== 407)) return undefined;
  const byProxy = response.status === 407;
  const challenge = headerOf(response, byProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
  const answer = authorize(challenge, { method, uri, user, password });
  return [byProxy ? 'Proxy-Authorization' : 'Authorization', answer];
}
