import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ami, type AmiOptions, createAmi } from '../../services/adapters/ami/ami.ts';
import { readCel } from '../../services/adapters/ami/cel.ts';
import type { AmiMessage } from '../../services/adapters/ami/message.ts';
import { Reachability } from '../../services/adapters/ami/reachability.ts';
import { asId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { amiMessage, type FalseAmi, startFalseAmi, success } from '../support/false-ami.ts';
import { until } from '../support/until.ts';

const password = 'not-to-be-seen-in-any-log';

describe('the AMI adapter, when Asterisk or the network misbehave', () => {
  let server: FalseAmi;
  let ami: Ami;
  let events: AmiMessage[];
  let ups: number;
  let logged: string;

  beforeEach(async () => {
    server = await startFalseAmi();
    events = [];
    ups = 0;
    logged = '';
  });
  afterEach(async () => {
    await ami.stop();
    await server.close();
    expect(logged).not.toContain(password);
  });

  async function begin(options: Partial<AmiOptions> = {}): Promise<void> {
    ami = createAmi({
      port: server.port,
      user: 'hotline',
      password,
      log: pino(
        { level: 'trace' },
        {
          write: (line: string) => {
            logged += line;
          },
        },
      ),
      events: ['ContactStatus', 'CEL'],
      onEvent: (event) => events.push(event),
      onUp: async () => {
        ups += 1;
      },
      // As at work: only where something does not answer on purpose a test is in a hurry.
      timeoutMs: 5_000,
      ...options,
    });
    ami.start();
    await until('AMI to be up', () => ami.action({ action: 'Ping' }));
  }

  it('refuses a value that would begin another action, and sends nothing', async () => {
    await begin();
    const before = server.actions.length;
    for (const value of ['a\r\n\r\nAction: Originate', 'a\nX: y', 'a\0b']) {
      await expect(ami.action({ action: 'DBGet', Key: value })).rejects.toThrow(/invalid/);
      await expect(ami.action({ action: value })).rejects.toThrow(/invalid/);
    }
    await expect(ami.action({ action: 'DBGet', 'Key: x\r\nAction': 'Logoff' })).rejects.toThrow(/invalid/);
    expect(server.actions).toHaveLength(before);
  });

  it('asks for the wanted events only, before it turns events on', async () => {
    await begin();
    const names = server.actions.map(({ action }) => action);
    expect(names.slice(0, 4)).toEqual(['login', 'Filter', 'Filter', 'Events']);
    expect(server.actions[1]?.matchcriteria).toBe('action(include),name(ContactStatus)');
  });

  it('a late answer is a time-out, and is not taken for the next action', async () => {
    await begin({ timeoutMs: 1_000 });
    let late = '';
    server.on('DBGet', (action) => {
      late = success(action);
      return null;
    });
    await expect(ami.action({ action: 'DBGet', Key: 'a' })).rejects.toMatchObject({ kind: 'timed-out' });
    server.on(
      'DBPut',
      (action) => late + amiMessage({ Response: 'Success', ActionID: action.actionid ?? '', Is: 'mine' }),
    );
    expect(await ami.action({ action: 'DBPut' })).toMatchObject({ is: 'mine' });
  });

  it('a refusal carries what Asterisk said', async () => {
    await begin();
    server.on('Bogus', (action) =>
      amiMessage({ Response: 'Error', ActionID: action.actionid ?? '', Message: 'No such command' }),
    );
    await expect(ami.action({ action: 'Bogus' })).rejects.toThrow('No such command');
  });

  it('a dropped connection fails what waits, and is made again', async () => {
    await begin();
    server.on('DBGet', () => null);
    const waiting = ami.action({ action: 'DBGet', Key: 'a' });
    server.drop();
    await expect(waiting).rejects.toMatchObject({ kind: 'not-connected' });
    await until('it to be up again', () => ups === 2);
    await until('it to answer', () => ami.action({ action: 'Ping' }));
  });

  it('a silent Asterisk is noticed by the heartbeat', async () => {
    await begin({ heartbeatEveryMs: 50 });
    server.on('Ping', () => null);
    await until('it to be made again', () => ups >= 2);
  });

  it('a wrong password is tried again, not thrown', async () => {
    server.on('login', (action) =>
      amiMessage({ Response: 'Error', ActionID: action.actionid ?? '', Message: 'Authentication failed' }),
    );
    const healed = until('a few refusals', () => logged.includes('Authentication failed')).then(() =>
      server.on('login', success),
    );
    await begin();
    await healed;
    expect(ups).toBe(1);
  });

  it('noise and a handler that throws do not disturb it', async () => {
    await begin({
      onEvent: (event) => {
        events.push(event);
        throw new Error('a bug in a handler');
      },
    });
    for (let i = 0; i < 5_000; i += 1) server.send(`${randomBytes(i % 60).toString('base64')}\r\n`);
    server.send('\r\n');
    for (const name of ['error', 'close', 'CEL'])
      server.send(amiMessage({ Event: name, EventName: 'HANGUP' }));
    await until('the event', () => events.some((event) => readCel(event)?.name === 'HANGUP'));
    expect(await ami.action({ action: 'Ping' })).toMatchObject({ response: 'Success' });
    expect(ups).toBe(1);
  });
});

describe("agents' phones", () => {
  const contact = (account: string, status: string, uri = `sip:${account}@127.0.0.3:5062`): AmiMessage => ({
    event: 'ContactStatus',
    uri,
    contactstatus: status,
    aor: account,
    endpointname: account,
  });
  const listed = (account: string, status: string): AmiMessage => ({
    event: 'ContactList',
    objectname: `${account};@0123456789abcdef`,
    uri: `sip:${account}@127.0.0.3:5062`,
    status,
  });
  let facts: TelephonyFact[];
  let phones: Reachability;
  beforeEach(() => {
    facts = [];
    phones = new Reachability([asId('1001'), asId('1002')], (fact) => facts.push(fact));
  });
  const told = () =>
    facts.map((fact) => fact.kind === 'phones' && `${fact.agent}: ${fact.devices.join('+')}`);

  it('are told for every agent when the connection comes up', async () => {
    const list = async () => [
      listed('1001', 'Reachable'),
      listed('1002', 'Unreachable'),
      listed('1001-web', 'NonQualified'),
    ];
    await phones.read({ list });
    expect(told()).toEqual(['1001: sip+web', '1002: ']);
  });

  it('are told again on change only', async () => {
    await phones.read({ list: async () => [listed('1001', 'Reachable')] });
    facts = [];
    phones.handle(contact('1001', 'Reachable'));
    phones.handle(contact('1001-web', 'NonQualified'));
    phones.handle(contact('1001', 'Unreachable'));
    phones.handle(contact('trunk', 'Unreachable'));
    phones.handle(contact('1001-web', 'Removed'));
    expect(told()).toEqual(['1001: sip+web', '1001: web', '1001: ']);
  });

  it('stay there while a new contact takes over from an old one', async () => {
    await phones.read({ list: async () => [listed('1001', 'Reachable')] });
    facts = [];
    phones.handle(contact('1001', 'NonQualified', 'sip:1001@127.0.0.9:5062'));
    phones.handle(contact('1001', 'Removed'));
    expect(told()).toEqual([]);
  });

  it('changes that come while the list is read are not lost, nor when reading fails', async () => {
    const changing = async () => {
      phones.handle(contact('1002', 'Reachable'));
      return [listed('1001', 'Reachable')];
    };
    await phones.read({ list: changing });
    expect(told()).toEqual(['1001: sip', '1002: sip']);
    const failing = async () => {
      phones.handle(contact('1001', 'Removed'));
      throw new Error('connection lost');
    };
    await expect(phones.read({ list: failing })).rejects.toThrow('connection lost');
    phones.announce();
    expect(told().slice(-2)).toEqual(['1001: ', '1002: sip']);
  });
});
