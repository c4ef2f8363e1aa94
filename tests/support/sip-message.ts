/** A SIP message (RFC 3261), as text apart: enough of it for test telephones and for reading traces. */
export type SipMessage = {
  /** `INVITE sip:… SIP/2.0` or `SIP/2.0 200 OK`. */
  startLine: string;
  /** Set for a request. */
  method: string | undefined;
  /** Set for a response. */
  status: number | undefined;
  headers: readonly (readonly [name: string, value: string])[];
  body: string;
};

/** Short forms (RFC 3261 §7.3.3) that may appear. */
const SHORT: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  c: 'content-type',
  l: 'content-length',
};

/** Reads a message, or undefined when the text isn't one. */
export function parseSip(text: string): SipMessage | undefined {
  const split = /\r?\n\r?\n/.exec(text);
  const head = split ? text.slice(0, split.index) : text.trimEnd();
  const [startLine = '', ...lines] = head.split(/\r?\n/);
  const status = /^SIP\/2\.0 (\d{3})/.exec(startLine)?.[1];
  const method = /^([A-Z]+) \S+ SIP\/2\.0$/.exec(startLine)?.[1];
  if (!status && !method) return undefined;
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  const body = split ? text.slice(split.index + split[0].length) : '';
  return { startLine, method, status: status === undefined ? undefined : Number(status), headers, body };
}

/** All values of a header, in order. */
export function headersOf(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.headers
    .filter(([key]) => (SHORT[key.toLowerCase()] ?? key.toLowerCase()) === wanted)
    .map(([, value]) => value);
}

/** First value of a header, or '' when it is absent. */
export function headerOf(message: SipMessage, name: string): string {
  return headersOf(message, name)[0] ?? '';
}

/** A parameter (`tag`, `branch`, `expires` …) of a header's value. */
export function parameterOf(value: string, name: string): string | undefined {
  return new RegExp(`;\\s*${name}=("?)([^";,>]+)\\1`, 'i').exec(value)?.[2];
}

/** The URI inside `"Name" <sip:…>;tag=…`. */
export function uriOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value.split(';')[0]?.trim() ?? '';
}

/** The user part of a header's or a request line's URI, unescaped. */
export function userOf(value: string): string {
  return decodeURIComponent(/sips?:([^@;>]*)@/.exec(value)?.[1] ?? '');
}

/** Number and method of CSeq. */
export function sequenceOf(message: SipMessage): { number: number; method: string } {
  const [number = '0', method = ''] = headerOf(message, 'CSeq').split(/\s+/);
  return { number: Number(number), method };
}

/** Writes a message; Content-Length is added. */
export function writeSip(
  startLine: string,
  headers: readonly (readonly [string, string])[],
  body = '',
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [startLine, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
