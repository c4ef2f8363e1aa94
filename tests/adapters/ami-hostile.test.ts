import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ami, createAmi } from '../../services/adapters/ami/ami.ts';
import { FallbackCalls } from '../../services/adapters/ami/fallback-calls.ts';
import { FallbackMembers } from '../../services/adapters/ami/fallback-members.ts';
import type { AmiMessage } from '../../services/adapters/ami/message.ts';
import { Reachability } from '../../services/adapters/ami/reachability.ts';
import { type AgentId, asId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { endlessAmiFrame, inPieces, strangeAmiFrame } from '../support/ami-frames.ts';
import { amiMessage, type FalseAmi, startFalseAmi, success } from '../support/false-ami.ts';
import { heapBytes, openHandles } from '../support/memory.ts';
import { chance } from '../support/seeded.ts';
import { until } from '../support/until.ts';

const agent = asId<AgentId>('1001');

describe('the AMI adapter and all that listens to it, under frames nobody should send', () => {
  let server: FalseAmi;
  let ami: Ami;
  let facts: TelephonyFact[];
  let seen: number;
  let ups: number;
  let logged: string[];
  let stop: () => Promise<void>;

  beforeEach(async () => {
    server = await startFalseAmi();
    server.on('PJSIPShowContacts', (action) => emptyList(action.actionid));
    server.on('CoreShowChannels', (action) => emptyList(action.actionid));
    server.on('QueueStatus', (action) => emptyList(action.actionid));
    server.on('DBGetTree', (action) => emptyList(action.actionid));
    [facts, seen, ups, logged] = [[], 0, 0, []];
    const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
    const phones = new Reachability([agent], (fact) => facts.push(fact));
    const calls = new FallbackCalls({
      isAgent: (one) => one === agent,
      onBusy: (agents) => phones.setBusyElsewhere(agents),
      schedule: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      log,
    });
    const members = new FallbackMembers({ placesOf: () => [], onDialled: async () => undefined, log });
    const handle = (event: AmiMessage) => {
      seen += 1;
      phones.handle(event);
      calls.handle(event);
      members.handle(event);
    };
    ami = createAmi({
      port: server.port,
      user: 'hotline',
      password: 'x',
      log,
      events: ['ContactStatus'],
      onEvent: handle,
      onUp: async (connection) => {
        ups += 1;
        await calls.read(connection);
        await phones.read(connection);
        void members.up(connection);
      },
      onDown: () => {
        calls.down();
        members.down();
      },
      timeoutMs: 10_000,
      // Quick to notice that the line is dead; the noise itself must not be taken for that on a busy machine.
      heartbeatEveryMs: 1_000,
    });
    ami.start();
    await until('AMI to be up', () => ami.action({ action: 'Ping' }), { withinMs: 30_000 });
    stop = async () => {
      calls.down();
      members.down();
      await ami.stop();
    };
  });
  afterEach(async () => {
    await stop();
    await server.close();
  });

  /** An agent's phone that goes and comes back is told: the adapter hears, and what hangs on it works. */
  async function stillWorks(): Promise<void> {
    for (const [status, devices] of [
      ['Unreachable', ''],
      ['Reachable', 'sip'],
    ] as const) {
      const told = () => {
        const headers = { Event: 'ContactStatus', AOR: '1001', URI: 'sip:1001@127.0.0.3' };
        server.send(amiMessage({ ...headers, ContactStatus: status }));
        const last = facts.at(-1);
        return last?.kind === 'phones' && last.devices.join() === devices;
      };
      await until(`the phone to be ${status}`, told, { withinMs: 30_000 });
    }
    expect(await ami.action({ action: 'Ping' })).toMatchObject({ response: 'Success' });
  }

  it('100 000 of them, cut anywhere: the connection stays, nothing grows, and it works as before', async () => {
    const dice = chance();
    const send = async (frames: number) => {
      for (let sent = 0; sent < frames; sent += 500) {
        let text = '';
        for (let i = 0; i < 500; i += 1) text += strangeAmiFrame(dice);
        for (const piece of inPieces(text, dice)) server.send(piece);
        expect(await ami.action({ action: 'Ping' })).toMatchObject({ response: 'Success' });
        await setImmediate();
      }
    };
    await stillWorks();
    await send(10_000);
    server.actions.length = 0;
    const before = {
      heap: heapBytes(),
      sockets: openHandles('TCPSocketWrap'),
      timers: openHandles('Timeout'),
    };
    await send(90_000);
    await stillWorks();
    expect(ups).toBe(1);
    expect(seen).toBeGreaterThan(20_000);
    // Few words about much noise.
    expect(logged.length).toBeLessThan(100);
    server.actions.length = 0;
    logged.length = 0;
    expect(heapBytes() - before.heap).toBeLessThan(8_000_000);
    expect(openHandles('TCPSocketWrap')).toBeLessThanOrEqual(before.sockets);
    expect(openHandles('Timeout')).toBeLessThanOrEqual(before.timers + 5);
  }, 120_000);

  it('frames without an end: the line is cut and made again each time, and none is left behind', async () => {
    const dice = chance();
    for (let i = 0; i < 5; i += 1) {
      const before = ups;
      for (const piece of inPieces(endlessAmiFrame(dice), dice)) server.send(piece);
      await until('the line to be made again', () => ups > before, { withinMs: 30_000 });
      await until('AMI to be up', () => ami.action({ action: 'Ping' }), { withinMs: 30_000 });
    }
    await stillWorks();
    await until('one connection to be left', () => server.connections === 1);
  }, 120_000);

  it('half an answer, and answers by other names: the action times out or gets its own', async () => {
    server.on('DBGet', (action) => `Response: Success\r\nActionID: ${action.actionid}\r\nMess`);
    const half = ami.action({ action: 'DBGet' });
    await until('it to be asked', () => server.actions.some(({ action }) => action === 'DBGet'));
    server.on(
      'DBPut',
      (action) =>
        `age: x\r\n\r\n${amiMessage({ Response: 'Success', content: 'not yours' })}${success(action)}`,
    );
    const whole = ami.action({ action: 'DBPut' });
    expect(await half).toMatchObject({ message: 'x' });
    expect(await whole).not.toHaveProperty('content');
    await stillWorks();
  });
});

function emptyList(actionId = ''): string {
  return (
    amiMessage({ Response: 'Success', ActionID: actionId, EventList: 'start' }) +
    amiMessage({ Event: 'ListComplete', ActionID: actionId, EventList: 'Complete' })
  );
}
