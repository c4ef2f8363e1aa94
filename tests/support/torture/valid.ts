import { invite, message, plain, request, sdp, type TortureMessage } from './message.ts';

/** RFC 4475, 3.1.1: valid, however unusual they look. */
export const validMessages: readonly TortureMessage[] = [
  {
    section: '3.1.1.1',
    name: 'wsinv',
    answers: [200],
    // Folded lines, compact and mixed-case names, blanks wherever they are allowed, escaped quotes, leading zeros, an empty header.
    build: (place) => {
      const { own, target, transport, nonce } = place;
      const body = sdp(place);
      return message(
        [
          `INVITE sip:95598@${target};unknownparam SIP/2.0`,
          `TO :\r\n sip:95598@${target} ;   tag-less  = 1${nonce}`,
          `v:  SIP  / 2.0\r\n / ${transport}    ${own}   ;\r\n  rport ; branch  =   z9hG4bK${nonce}`,
          `From   : "J Rosenberg \\\\\\""       <sip:jdrosen@${own}>\r\n  ;\r\n  tag = ${nonce}`,
          'MaX-fOrWaRdS: 0068',
          `Call-ID: ${nonce}`,
          'CSeq: 0009\r\n  INVITE',
          's :',
          'NewFangledHeader:   newfangled value\r\n continued newfangled value',
          'UnknownHeaderWithUnusualValue: ;;,,;;,;',
          'Content-Type: application/sdp',
          `Route:\r\n <sip:${target};lr;unknownwith=value;unknown-no-value>`,
          `m:"Quoted string \\"\\"" <sip:jdrosen@${own}> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33`,
          `l: ${Buffer.byteLength(body)}`,
        ],
        body,
      );
    },
  },
  {
    section: '3.1.1.2',
    name: 'intmeth',
    answers: [200, 405, 501],
    // Every kind of character that a method, a user part, a tag and a display name may hold.
    build: (place) => {
      const method = "!interesting-Method0123456789_*+`.%indeed'~";
      return request(
        place,
        `${method} sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@${place.target} SIP/2.0`,
        {
          to: `To: "BEL:\\\u0007 NUL:\\\u0001 DEL:\\\u007f" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@${place.target}>`,
          from: `From: token1~\` token2'+_ token3*%!.- <sip:mundane@${place.own}>;fromParam''~+*_!.-%="\u0440\u0430\u0431";tag=_token~1'+\`*%!-.${place.nonce}`,
          callId: `Call-ID: intmeth.word%ZK-!.*_+'@word\`~)(><:\\/"][?}{${place.nonce}`,
          extra: "extensionHeader-!.%*+_`'~:\u5927\u505c\u96fb",
        },
      );
    },
  },
  {
    section: '3.1.1.3',
    name: 'esc01',
    answers: [200],
    build: (place) =>
      invite(
        place,
        {
          to: `To: sip:%75se%72@${place.target}`,
          from: `From: <sip:I%20have%20spaces@${place.own}>;tag=${place.nonce}`,
          contact: `Contact: <sip:cal%6Cer@${place.own};%6C%72;n%61me=v%61lue%25%34%31>`,
        },
        `sip:sips%3Auser%40example.com@${place.target}`,
      ),
  },
  {
    section: '3.1.1.4',
    name: 'escnull',
    answers: [200, 400, 401, 403, 404, 405],
    build: (place) =>
      request(place, `REGISTER sip:${place.target} SIP/2.0`, {
        to: `To: sip:null-%00-null@${place.target}`,
        from: `From: sip:null-%00-null@${place.target};tag=${place.nonce}`,
        contact: `Contact: <sip:%00@${place.own}>\r\nContact: <sip:%00%00@${place.own}>`,
      }),
  },
  {
    section: '3.1.1.5',
    name: 'esc02',
    answers: [405, 501],
    // A per cent sign in a method or a display name begins no escape.
    build: (place) =>
      request(place, `RE%47IST%45R sip:registrar@${place.target} SIP/2.0`, {
        to: `To: "%Z%45" <sip:resource@${place.target}>`,
        from: `From: "%Z%45" <sip:resource@${place.target}>;tag=f232jadfj23${place.nonce}`,
        contact: `Contact: <sip:alias1@${place.own}>\r\nC%6Fntact: <sip:alias2@${place.own}>\r\nContact: <sip:alias3@${place.own}>`,
      }),
  },
  {
    section: '3.1.1.6',
    name: 'lwsdisp',
    answers: [200],
    build: (place) =>
      request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, {
        from: `From: caller<sip:caller@${place.own}>;tag=${place.nonce}`,
      }),
  },
  {
    section: '3.1.1.7',
    name: 'longreq',
    answers: [200],
    build: (place) => {
      const long = 'long'.repeat(50);
      const { via } = plain(place, 'INVITE');
      const vias = Array.from(
        { length: 30 },
        (_, i) => `v: SIP/2.0/TCP sip${i}.example.com;branch=z9hG4bK${long}${i}`,
      );
      return invite(place, {
        via: [via, ...vias].join('\r\n'),
        to: `To: "I have a user name of ${long} proportion" <sip:95598@127.0.0.1:6000;unknownparam1=very${long}value;longparam${long}=shortvalue;very${long}ParameterNameWithNoValue>`,
        from: `F: sip:amazinglylongcallername${long}@${place.own};tag=12${long}424${place.nonce};unknownheaderparam${long}name=unknown${long}value;unknownValueless${long}paramname`,
        callId: `Call-ID: longreq.one${long}callid${place.nonce}`,
        extra: `Unknown-${long}-Name: unknown-${long}-value; unknown-${long}-parameter-name = unknown-${long}-parameter-value`,
        contact: `Contact: <sip:amazinglylongcallername${long}@${place.own}>`,
      });
    },
  },
  {
    section: '3.1.1.8',
    name: 'dblreq',
    answers: [200, 400, 401, 403, 404, 405],
    // Behind the end of a datagram's message stands another, which is none.
    build: (place) => {
      const second = { ...place, nonce: `${place.nonce}second` };
      return Buffer.concat([
        request(place, `REGISTER sip:${place.target} SIP/2.0`, {}),
        place.transport === 'UDP' ? invite(second, {}) : Buffer.from('\r\n\r\n'),
      ]);
    },
  },
  {
    section: '3.1.1.9',
    name: 'semiuri',
    answers: [200, 404],
    build: (place) => {
      const uri = `sip:user;par=u%40example.net@${place.target}`;
      return request(place, `OPTIONS ${uri} SIP/2.0`, { to: `To: ${uri}` });
    },
  },
  {
    section: '3.1.1.10',
    name: 'transports',
    answers: [200],
    build: (place) => {
      const { via } = plain(place, 'OPTIONS');
      const others = ['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP'];
      return request(place, `OPTIONS sip:95598@${place.target} SIP/2.0`, {
        via: [
          via,
          ...others.map((one, i) => `Via: SIP/2.0/${one} t${i}.example.com;branch=z9hG4bK${place.nonce}${i}`),
        ].join('\r\n'),
      });
    },
  },
  {
    section: '3.1.1.11',
    name: 'mpart01',
    answers: [200, 202, 405, 415, 488, 489, 501],
    build: (place) => {
      const body = Buffer.concat([
        Buffer.from(
          '--7a9cbec02ceef655\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nHello\r\n',
        ),
        Buffer.from(
          '--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n',
        ),
        Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
        Buffer.from('\r\n--7a9cbec02ceef655--\r\n'),
      ]);
      return request(
        place,
        `MESSAGE sip:kumiko@${place.target} SIP/2.0`,
        { sdpType: 'Content-Type: multipart/mixed;boundary=7a9cbec02ceef655' },
        body,
      );
    },
  },
  {
    section: '3.1.1.12',
    name: 'unreason',
    answers: [],
    build: (place) => {
      const { via, to, from, callId, cseq, contact, none } = plain(place, 'INVITE');
      const line =
        'SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e \u2014 \u043f\u0440\u043e\u0441\u0442\u043e\u0435';
      return message([line, via, `${to};tag=1`, from, callId, cseq, contact, none]);
    },
  },
  {
    section: '3.1.1.13',
    name: 'noreason',
    answers: [],
    build: (place) => {
      const { via, to, from, callId, cseq, contact, none } = plain(place, 'INVITE');
      return message(['SIP/2.0 100 ', via, `${to};tag=1`, from, callId, cseq, contact, none]);
    },
  },
];
