import { invite, message, plain, request, type TortureMessage } from './message.ts';

const registration = [200, 400, 401, 403, 404, 405] as const;

/** RFC 4475, 3.2 to 3.4: what a transaction, an application and a reader of older messages make of well-formed ones. */
export const layerMessages: readonly TortureMessage[] = [
  {
    section: '3.2.1',
    name: 'badbranch',
    answers: [200, 400],
    orSilence: true,
    build: (place) =>
      request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, {
        via: `Via: SIP/2.0/${place.transport} ${place.own};rport;branch=z9hG4bK`,
      }),
  },
  {
    section: '3.3.1',
    name: 'insuf',
    answers: [400],
    orSilence: true,
    build: (place) => invite(place, { to: null, from: null, callId: null, contact: null }),
  },
  {
    section: '3.3.2',
    name: 'unkscm',
    answers: [200, 400, 416],
    orSilence: true,
    build: (place) => request(place, 'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0', {}),
  },
  {
    section: '3.3.3',
    name: 'novelsc',
    answers: [200, 400, 416],
    orSilence: true,
    build: (place) => request(place, `OPTIONS soap.beep://${place.target} SIP/2.0`, {}),
  },
  {
    section: '3.3.4',
    name: 'unksm2',
    answers: [...registration, 416],
    orSilence: true,
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        to: 'To: isbn:2983792873',
        from: `From: <http://www.example.com>;tag=${place.nonce}`,
        contact: 'Contact: <name:John_Smith>',
      }),
  },
  {
    section: '3.3.5',
    name: 'bext01',
    answers: [200, 420],
    build: (place) =>
      request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, {
        extra:
          'Require: nothingSupportsThis, nothingSupportsThisEither\r\nProxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis',
      }),
  },
  {
    section: '3.3.6',
    name: 'invut',
    answers: [200, 400, 415, 488],
    build: (place) => invite(place, { sdpType: 'Content-Type: application/unknownformat' }),
  },
  {
    section: '3.3.7',
    name: 'regaut01',
    answers: registration,
    orSilence: true,
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        extra: 'Authorization: NoOneKnowsThisScheme opaque-data=here',
      }),
  },
  {
    section: '3.3.8',
    name: 'multi01',
    answers: [200, 400, 404],
    orSilence: true,
    build: (place) =>
      invite(place, {
        extra: [
          'CSeq: 59 INVITE',
          `Call-ID: ${place.nonce}other`,
          `To: <sip:other@${place.target}>`,
          `From: <sip:other@${place.own}>;tag=other${place.nonce}`,
          'Max-Forwards: 5',
          'Content-Type: application/sdp',
        ].join('\r\n'),
      }),
  },
  {
    section: '3.3.9',
    name: 'mcl01',
    answers: [200, 400],
    orSilence: true,
    build: (place) =>
      request(
        place,
        `OPTIONS sip:95598@${place.target} SIP/2.0`,
        { length: 'Content-Length: 13\r\nContent-Length: 5', sdpType: 'Content-Type: text/plain' },
        'There is no way to know how many octets are supposed to be here.\r\n',
      ),
  },
  {
    section: '3.3.10',
    name: 'bcast',
    answers: [],
    build: (place) => {
      const { via, to, from, callId, cseq, contact, none } = plain(place, 'INVITE');
      const broadcast = 'Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23';
      return message(['SIP/2.0 200 OK', via, broadcast, `${to};tag=1`, from, callId, cseq, contact, none]);
    },
  },
  {
    section: '3.3.11',
    name: 'zeromf',
    answers: [200, 483],
    build: (place) =>
      request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, { hops: 'Max-Forwards: 0' }),
  },
  {
    section: '3.3.12',
    name: 'cparam01',
    answers: registration,
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        contact: `Contact: sip:+19725552222@${place.own};unknownparam`,
      }),
  },
  {
    section: '3.3.13',
    name: 'cparam02',
    answers: registration,
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        contact: `Contact: <sip:+19725552222@${place.own};unknownparam>`,
      }),
  },
  {
    section: '3.3.14',
    name: 'regescrt',
    answers: registration,
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        contact: `Contact: <sip:user@${place.own}?Route=%3Csip:${place.own}%3E>`,
      }),
  },
  {
    section: '3.3.15',
    name: 'sdp01',
    answers: [200, 406],
    build: (place) => invite(place, { extra: 'Accept: text/nobodyKnowsThis' }),
  },
  {
    section: '3.4.1',
    name: 'inv2543',
    answers: [200, 400],
    orSilence: true,
    // No branch, no tag, no hops: as RFC 2543 had it.
    build: (place) =>
      invite(place, {
        via: `Via: SIP/2.0/${place.transport} ${place.own}`,
        from: `From: <sip:+13035551111@${place.own};user=phone>`,
        hops: null,
        extra: 'Subject: CAD data\r\nRecord-Route: <sip:'.concat(place.target, '>'),
      }),
  },
];
