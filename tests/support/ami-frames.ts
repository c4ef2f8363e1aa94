import { amiMessage } from './false-ami.ts';
import type { Chance } from './seeded.ts';

/** Names that mean something to event emitters, to the library and to JavaScript: none may mean anything when others say them. */
const strangeNames = [
  ...['rawevent', 'managerevent', 'error', 'close', 'end', 'connect', 'data', 'response', 'asterisk'],
  ...['newListener', 'removeListener', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '0'],
  ...[
    'ContactStatus',
    'AgentCalled',
    'AgentComplete',
    'AgentRingNoAnswer',
    'UserEvent',
    'FullyBooted',
    'CEL',
  ],
];
const keys = [
  ...['Event', 'Response', 'ActionID', 'UserEvent', 'Variable', 'ChanVariable', 'EventList', 'Message'],
  ...['AOR', 'URI', 'ContactStatus', 'Interface', 'Channel', 'content', '__proto__', 'constructor'],
];

/** One frame of what Asterisk never says, ended by an empty line: by itself it disturbs no other frame. */
export function strangeAmiFrame(chance: Chance): string {
  const name = () => chance.one(strangeNames);
  const noise = () =>
    chance
      .bytes(chance.below(60))
      .toString('latin1')
      .replaceAll(/[\r\n]/g, '~');
  switch (chance.below(10)) {
    case 0:
      return `${noise()}\r\n\r\n`;
    case 1:
      return amiMessage({ Event: name(), ActionID: name(), UserEvent: name(), URI: noise() });
    case 2:
      // The same header several times becomes a list in the library.
      return `Event: UserEvent\r\nUserEvent: ${name()}\r\nUserEvent: ${name()}\r\nEvent: ${name()}\r\n\r\n`;
    case 3:
      // An answer to nobody.
      return amiMessage({
        Response: chance.one(['Success', 'Error', '']),
        ActionID: name(),
        Message: noise(),
      });
    case 4:
      return amiMessage({ Response: 'Success', ActionID: String(chance.below(1e13)), content: noise() });
    case 5:
      return amiMessage({ Event: 'ContactStatus', AOR: `${chance.below(1e6)}`, URI: noise() });
    case 6:
      return amiMessage({ Event: 'AgentCalled', Interface: `PJSIP/${chance.below(1e6)}` });
    case 7:
      return amiMessage({ Event: 'UserEvent', UserEvent: 'HotlineDialled' });
    case 8:
      return amiMessage({ Event: name(), EventList: chance.one(['start', 'Complete', 'cancelled']) });
    default: {
      const lines = Array.from(
        { length: chance.below(8) },
        () => `${chance.one(keys)}: ${chance.one([name(), noise()])}`,
      );
      // What begins to follow swallows the next frames: that is for the frames below.
      return `${lines.join('\r\n').replaceAll(/follow/gi, '')}\r\n\r\n`;
    }
  }
}

/** Frames that the connection cannot outlive: without an end, or swallowing whatever comes. */
export function endlessAmiFrame(chance: Chance): string {
  return chance.one([
    `X: ${'x'.repeat(600_000)}`,
    'Variable: a=b\r\n'.repeat(60_000),
    `Response: Follows\r\n${'a line of its content\r\n'.repeat(30_000)}\r\n\r\n`,
    'Response: this follows nothing\r\n',
    '\0'.repeat(500_000),
  ]);
}

/** The text in pieces, cut anywhere, also within a character. */
export function* inPieces(text: string, chance: Chance): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    const length = chance.below(8) === 0 ? 1 + chance.below(3) : 1 + chance.below(4_000);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
