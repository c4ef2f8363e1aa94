import { invite, message, plain, request, sdp, type TortureMessage } from './message.ts';

/** What may be said of an INVITE that is wrong in a way many readers forgive. */
const forgiven = [200, 400, 404, 488] as const;

/** RFC 4475, 3.1.2: invalid; what a reader makes of most of them is the reader's choice. */
export const invalidMessages: readonly TortureMessage[] = [
  {
    section: '3.1.2.1',
    name: 'badinv01',
    answers: forgiven,
    orSilence: true,
    build: (place) =>
      invite(place, {
        via: `${plain(place, 'INVITE').via};;,;,,`,
        contact: `Contact: "Joe" <sip:joe@${place.own}>;;;;`,
      }),
  },
  {
    section: '3.1.2.2',
    name: 'clerr',
    answers: [200, 400],
    orSilence: true,
    build: (place) => invite(place, { length: 'Content-Length: 9999' }),
  },
  {
    section: '3.1.2.3',
    name: 'ncl',
    answers: forgiven,
    orSilence: true,
    build: (place) => invite(place, { length: 'Content-Length: -999' }),
  },
  {
    section: '3.1.2.4',
    name: 'scalar02',
    answers: [400, 401, 403, 404, 405],
    orSilence: true,
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        cseq: 'CSeq: 36893488147419103232 REGISTER',
        hops: 'Max-Forwards: 300',
        extra: `Expires: 1${'0'.repeat(100)}`,
        contact: `Contact: <sip:user@${place.own}>;expires=280297596632815`,
      }),
  },
  {
    section: '3.1.2.5',
    name: 'scalarlg',
    answers: [],
    build: (place) => {
      const { via, to, from, callId, none } = plain(place, 'INVITE');
      return message([
        'SIP/2.0 503 Service Unavailable',
        via,
        `${to};tag=1`,
        from,
        callId,
        'CSeq: 9292394834772304023312 OPTIONS',
        'Retry-After: 949302838503028349304023988',
        'Warning: 1812 overture "In Progress"',
        none,
      ]);
    },
  },
  {
    section: '3.1.2.6',
    name: 'quotbal',
    answers: [400],
    orSilence: true,
    build: (place) => invite(place, { to: `To: "Mr. J. User <sip:j.user@${place.target}>` }),
  },
  {
    section: '3.1.2.7',
    name: 'ltgtruri',
    answers: forgiven,
    orSilence: true,
    build: (place) => invite(place, {}, `<sip:95598@${place.target}>`),
  },
  {
    section: '3.1.2.8',
    name: 'lwsruri',
    answers: forgiven,
    orSilence: true,
    build: (place) => invite(place, {}, `sip:95598@${place.target}; lr`),
  },
  {
    section: '3.1.2.9',
    name: 'lwsstart',
    answers: forgiven,
    orSilence: true,
    build: (place) => request(place, `INVITE  sip:95598@${place.target}  SIP/2.0`, {}, sdp(place)),
  },
  {
    section: '3.1.2.10',
    name: 'trws',
    answers: [200, 400],
    orSilence: true,
    build: (place) => request(place, `OPTIONS sip:95598@${place.target} SIP/2.0  `, {}),
  },
  {
    section: '3.1.2.11',
    name: 'escruri',
    answers: forgiven,
    build: (place) => invite(place, {}, `sip:95598@${place.target}?Route=%3Csip:${place.own}%3E`),
  },
  {
    section: '3.1.2.12',
    name: 'baddate',
    answers: forgiven,
    build: (place) => invite(place, { extra: 'Date: Fri, 01 Jan 2010 16:00:00 EST' }),
  },
  {
    section: '3.1.2.13',
    name: 'regbadct',
    answers: [200, 400, 401, 403, 404, 405],
    orSilence: true,
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        contact: `Contact: sip:user@${place.own}?Route=%3Csip:${place.own}%3E`,
      }),
  },
  {
    section: '3.1.2.14',
    name: 'badaspec',
    answers: [200, 400, 404],
    orSilence: true,
    build: (place) =>
      request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, {
        to: `To: "Watson, Thomas" < sip:t.watson@${place.target} >`,
      }),
  },
  {
    section: '3.1.2.15',
    name: 'baddn',
    answers: [200, 400, 404],
    orSilence: true,
    build: (place) =>
      request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, {
        from: `From: Bell, Alexander <sip:a.g.bell@${place.own}>;tag=${place.nonce}`,
      }),
  },
  {
    section: '3.1.2.16',
    name: 'badvers',
    answers: [400, 505],
    orSilence: true,
    build: (place) =>
      request(place, `OPTIONS sip:95598@${place.target} SIP/7.0`, {
        via: plain(place, 'OPTIONS').via.replace('SIP/2.0', 'SIP/7.0'),
      }),
  },
  {
    section: '3.1.2.17',
    name: 'mismatch01',
    answers: [200, 400],
    orSilence: true,
    build: (place) => request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, { cseq: 'CSeq: 8 INVITE' }),
  },
  {
    section: '3.1.2.18',
    name: 'mismatch02',
    answers: [400, 405, 501],
    orSilence: true,
    build: (place) =>
      request(place, `NEWMETHOD sip:95598@${place.target} SIP/2.0`, { cseq: 'CSeq: 9 INVITE' }, sdp(place)),
  },
  {
    section: '3.1.2.19',
    name: 'bigcode',
    answers: [],
    build: (place) => {
      const { via, to, from, callId, cseq, contact, none } = plain(place, 'INVITE');
      return message([
        'SIP/2.0 4294967301 better not break the receiver',
        via,
        `${to};tag=1`,
        from,
        callId,
        cseq,
        contact,
        none,
      ]);
    },
  },
];
