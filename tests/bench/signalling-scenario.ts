/** What callers of the load do; all without sound, keys by SIP INFO. */
export type Behaviour = {
  dials: string;
  /** Between the answer and key 0: the flow must have begun to listen. */
  keyAfterMs: number;
  /** Pressed again after this long without an agent's BYE; far beyond the longest wait when once is to be enough. */
  keyAgainAfterMs: number;
  /** Share (0…1) of callers that hang up instead of pressing. */
  leaveInMenu: number;
};

/**
 * sipp scenario of a caller who presses 0 and talks until the agent hangs up. Unlike the test tools' own callers these
 * are led by nobody, so that sipp alone bears the load.
 */
export function signallingScenario(ip: string, does: Behaviour): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="load">
<send retrans="500" start_rtd="1"><![CDATA[
INVITE sip:${does.dials}@[remote_ip]:[remote_port] SIP/2.0
${headers('INVITE', `To: <sip:${does.dials}@[remote_ip]>`)}
Content-Type: application/sdp
Content-Length: [len]

${description(ip)}
]]></send>
${[100, 180, 181, 182, 183].map((status) => `<recv response="${status}" optional="true"/>`).join('\n')}
<recv response="200" rrs="true" rtd="1"><action><ereg regexp=".*" search_in="hdr" header="To:" assign_to="callee"/></action></recv>
<send><![CDATA[
ACK [next_url] SIP/2.0
${headers('ACK')}
Content-Length: 0

]]></send>
<pause milliseconds="${does.keyAfterMs}"/>
<nop><action><sample assign_to="dice" distribution="uniform" min="0" max="1"/><test assign_to="leaves" variable="dice" compare="less_than" value="${does.leaveInMenu}"/></action></nop>
<nop next="leave" test="leaves"/>

<label id="press"/>
<send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
${headers('INFO')}
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal=0
Duration=160
]]></send>
<label id="waiting"/>
<recv response="200" optional="true" next="waiting"/>
<recv request="INVITE" optional="true" next="describe"/>
<recv request="UPDATE" optional="true" next="agree"/>
<recv request="OPTIONS" optional="true" next="agree"/>
<recv request="ACK" optional="true" next="waiting"/>
<recv request="BYE" next="end" timeout="${does.keyAgainAfterMs}" ontimeout="press"/>

<label id="agree"/>
${reply('waiting')}
<label id="describe"/>
<send next="waiting"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:load@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

${description(ip)}
]]></send>

<label id="leave"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
${headers('BYE')}
Content-Length: 0

]]></send>
<recv response="200" next="over"/>

<label id="end"/>
${reply('over')}
<label id="over"/>
<nop/>
</scenario>
`;
}

function headers(method: string, to = 'To:[$callee]'): string {
  const sequence = method === 'INVITE' || method === 'ACK' ? '1' : '[cseq]';
  return `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:1390[call_number]@[local_ip]>;tag=[pid]c[call_number]
${to}
Call-ID: [call_id]
CSeq: ${sequence} ${method}
Contact: <sip:load@[local_ip]:[local_port]>
Max-Forwards: 70`;
}

/** A port where nobody listens: sound sent there is lost at no cost. */
function description(ip: string): string {
  return `v=0
o=- 1 1 IN IP4 ${ip}
s=-
c=IN IP4 ${ip}
t=0 0
m=audio 9 RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=sendrecv`;
}

function reply(next: string): string {
  return `<send next="${next}"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>`;
}
