import { EVENT_PAYLOAD_TYPE } from './rtp.ts';
import { writeSdp } from './sdp.ts';

/**
 * Requests by which a test steers a running sipp call. They are sent to sipp's own port with the call's
 * Call-ID; Asterisk never sends these to a caller in a call, so they can't be mistaken for its own.
 */
export const STEER = { hangUp: 'NOTIFY', pressByInfo: 'MESSAGE' } as const;

const PROVISIONAL = [100, 180, 181, 182, 183];
/** Final refusals a caller may get; sipp must be told each by number. */
const REFUSALS = [
  300, 301, 302, 305, 400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 413, 414, 415, 416, 420, 421, 423,
  480, 481, 482, 483, 484, 485, 486, 487, 488, 491, 493, 500, 501, 502, 503, 504, 505, 513, 580, 600, 603,
  604, 606,
];
/** CANCEL and the ACK of a refusal repeat the INVITE's branch (RFC 3261 §9.1 and §17.1.1.3). */
const INVITE_BRANCH = 'z9hG4bK-[pid]-[call_number]-invite';
const KEEP_CALLEE = '<action><ereg regexp=".*" search_in="hdr" header="To:" assign_to="callee"/></action>';

/**
 * The caller as a sipp scenario: rings until answered, refused or steered to give up; then talks until either
 * side hangs up. CSV fields: 0 caller's number, 1 dialled number, 2 media port.
 *
 * sipp accepts a response only to methods sent *earlier in the file*; hence the order of the blocks.
 */
export function callerScenario(ip: string, extraHeaders: readonly string[] = []): string {
  const invite = [
    'Allow: INVITE, ACK, CANCEL, BYE, INFO, UPDATE, OPTIONS',
    ...extraHeaders,
    ...described(ip),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="caller">
${send('INVITE', { retrans: true, lines: invite })}

<label id="ringing"/>
${optional('response', PROVISIONAL, 'ringing')}
${optional('request', [STEER.hangUp], 'cancel')}
${optional('response', REFUSALS, 'refused')}
<recv response="200" rrs="true" next="answered">${KEEP_CALLEE}</recv>

<label id="refused"/>
${send('ACK', { ofInvite: true, next: 'end' })}

<label id="answered"/>
${send('ACK', { next: 'talking' })}

<label id="press"/>
${send('INFO', { retrans: true, next: 'talking', lines: KEY_BY_INFO })}

<label id="agree"/>
${reply('talking')}

<label id="describe"/>
${reply('talking', ['Contact: <sip:[field0]@[local_ip]:[local_port]>', ...described(ip)])}

<label id="talking"/>
<recv request="${STEER.pressByInfo}" optional="true" next="press">
  <action><ereg regexp="Signal=([0-9A-D*#])" search_in="body" assign_to="steering,key"/></action>
</recv>
${optional('request', [STEER.hangUp], 'hang-up')}
${optional('request', ['INVITE'], 'describe')}
${optional('request', ['UPDATE', 'OPTIONS', 'INFO'], 'agree')}
${optional('request', ['ACK'], 'talking')}
${optional('response', [200, 400, 415, 481, 488, 500], 'talking')}
<recv request="BYE" next="hung-up"/>

<label id="hung-up"/>
${reply('end')}

<label id="hang-up"/>
${send('BYE', { retrans: true, transaction: 'bye' })}
<label id="leaving"/>
${optional('request', [STEER.hangUp, STEER.pressByInfo], 'leaving')}
${optional('request', ['BYE'], 'crossed')}
${optional('response', [481], 'end')}
<recv response="200" response_txn="bye" next="end"/>

<label id="crossed"/>
${reply('leaving')}

<label id="cancel"/>
${send('CANCEL', { retrans: true, ofInvite: true })}
<label id="cancelling"/>
${optional('response', PROVISIONAL, 'cancelling')}
${optional('request', [STEER.hangUp], 'cancelling')}
${optional('response', REFUSALS, 'refused')}
<recv response="200" rrs="true" next="too-late" test="answer">
  <action>
    <ereg regexp="INVITE" search_in="hdr" header="CSeq:" assign_to="answer"/>
    <ereg regexp=".*" search_in="hdr" header="To:" assign_to="callee"/>
  </action>
</recv>
<nop next="cancelling"/>

<label id="too-late"/>
${send('ACK', { next: 'hang-up' })}

<label id="end"/>
<nop><action><log message="done [$steering]"/></action></nop>
</scenario>
`;
}

const KEY_BY_INFO = [
  'Content-Type: application/dtmf-relay',
  'Content-Length: [len]',
  '',
  'Signal=[$key]',
  'Duration=160',
];

type SendOptions = {
  lines?: readonly string[];
  /** Belongs to the INVITE's own transaction: same branch, number and target. */
  ofInvite?: boolean;
  retrans?: boolean;
  transaction?: string;
  next?: string;
};

function send(method: string, { lines, ofInvite, retrans, transaction, next }: SendOptions): string {
  const first = method === 'INVITE' || ofInvite;
  const attributes = [
    retrans && 'retrans="500"',
    transaction && `start_txn="${transaction}"`,
    next && `next="${next}"`,
  ];
  return `<send ${attributes.filter(Boolean).join(' ')}>
<![CDATA[
${method} ${first ? 'sip:[field1]@[remote_ip]:[remote_port]' : '[next_url]'} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${branchOf(method, first)}
From: <sip:[field0]@[local_ip]>;tag=[pid]c[call_number]
${toHeader(method, first)}
Call-ID: [call_id]
CSeq: ${first || method === 'ACK' ? 1 : '[cseq]'} ${method}
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
${(lines ?? ['Content-Length: 0', '']).join('\n')}

]]>
</send>`;
}

/** A request of its own is a transaction of its own: sipp's [branch] is the same each time the scenario comes past. */
function branchOf(method: string, first: boolean | undefined): string {
  if (first) return INVITE_BRANCH;
  return method === 'ACK' ? '[branch]' : 'z9hG4bK-[pid]-[call_number]-[cseq]';
}

function toHeader(method: string, first: boolean | undefined): string {
  if (!first) return 'To:[$callee]';
  return method === 'ACK' ? '[last_To:]' : 'To: <sip:[field1]@[remote_ip]>';
}

/** 200 OK to the request received last. */
function reply(next: string, lines: readonly string[] = ['Content-Length: 0', '']): string {
  return `<send next="${next}">
<![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
${lines.join('\n')}

]]>
</send>`;
}

function optional(kind: 'request' | 'response', which: readonly (number | string)[], next: string): string {
  return which.map((one) => `<recv ${kind}="${one}" optional="true" next="${next}"/>`).join('\n');
}

function described(ip: string): string[] {
  const sdp = writeSdp({
    ip,
    port: 0,
    laws: ['pcma', 'pcmu'],
    eventType: EVENT_PAYLOAD_TYPE,
    direction: 'sendrecv',
  });
  const lines = sdp.replace('m=audio 0 ', 'm=audio [field2] ').trimEnd().split('\r\n');
  return ['Content-Type: application/sdp', 'Content-Length: [len]', '', ...lines];
}
