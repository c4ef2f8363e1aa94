/** Where a message comes from and goes to, and what makes it one of its kind. */
export type Place = {
  /** Asterisk's address and port, for the Request-URI. */
  target: string;
  /** The sender's address and port, for Via and Contact: answers must come back, and nothing may leave this machine. */
  own: string;
  ownIp: string;
  transport: 'UDP' | 'TCP';
  /** Part of Call-ID, tag and branch. */
  nonce: string;
};

/** One test message of RFC 4475: what section 3 of it describes, in words and bytes of our own. */
export type TortureMessage = {
  /** Section of RFC 4475. */
  section: string;
  /** The RFC's own short name of it. */
  name: string;
  build(place: Place): Buffer;
  /**
   * Final answers that are sensible (RFC 4475 names some, and leaves much to the receiver), and those that Asterisk chooses from its
   * trunk's address. Empty: nobody may answer, as for responses that were never asked for.
   */
  answers: readonly number[];
  /** No answer at all is sensible too: it cannot be read so far that one could be addressed. */
  orSilence?: true;
};

/** A message from its lines: a start line and headers, then a body. */
export function message(lines: readonly string[], body: string | Buffer = ''): Buffer {
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body)]);
}

/** An ordinary description of sound at the sender's address. */
export const sdp = ({ ownIp }: Place): string =>
  `${['v=0', `o=- 1 1 IN IP4 ${ownIp}`, 's=-', `c=IN IP4 ${ownIp}`, 't=0 0', 'm=audio 49152 RTP/AVP 8 0'].join('\r\n')}\r\n`;

/** Headers that are as they should be; a message takes those it does not twist. */
export function plain(place: Place, method: string) {
  const { own, transport, nonce, target } = place;
  return {
    via: `Via: SIP/2.0/${transport} ${own};rport;branch=z9hG4bK${nonce}`,
    to: `To: <sip:95598@${target}>`,
    from: `From: "Tester" <sip:13800138000@${own}>;tag=${nonce}`,
    callId: `Call-ID: ${nonce}`,
    cseq: `CSeq: 1 ${method}`,
    contact: `Contact: <sip:13800138000@${own};transport=${transport.toLowerCase()}>`,
    hops: 'Max-Forwards: 70',
    sdpType: 'Content-Type: application/sdp',
    lengthOf: (body: string | Buffer) => `Content-Length: ${Buffer.byteLength(body)}`,
    none: 'Content-Length: 0',
  };
}

/** A whole request with some lines put in place of others of that header, or added. */
export function request(
  place: Place,
  startLine: string,
  twisted: Readonly<Record<string, string | null>>,
  body: string | Buffer = '',
): Buffer {
  const method = startLine.trim().split(/\s+/)[0] ?? '';
  const usual = plain(place, method);
  const { via, to, from, callId, cseq, contact, hops } = usual;
  const lines: Record<string, string | null> = { via, to, from, callId, cseq, contact, hops };
  if (body !== '' && !('sdpType' in twisted)) lines.sdpType = usual.sdpType;
  lines.length = usual.lengthOf(body);
  return message(
    [startLine, ...Object.values({ ...lines, ...twisted }).filter((line) => line !== null)],
    body,
  );
}

/** An INVITE with a description of sound. */
export const invite = (
  place: Place,
  twisted: Readonly<Record<string, string | null>>,
  uri = `sip:95598@${place.target}`,
): Buffer => request(place, `INVITE ${uri} SIP/2.0`, twisted, sdp(place));
