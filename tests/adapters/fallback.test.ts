import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { watchController } from '../../infra/supervisor/watchdog.ts';
import { type Ami, createAmi } from '../../services/adapters/ami/ami.ts';
import { FallbackCalls, fallbackCallEvents } from '../../services/adapters/ami/fallback-calls.ts';
import { FallbackMembers, fallbackMemberEvents } from '../../services/adapters/ami/fallback-members.ts';
import { agentOfPhone, readMembers } from '../../services/adapters/ami/member-steps.ts';
import { fallbackPlaces } from '../../services/calls/fallback-places.ts';
import type { AgentIntent } from '../../services/events/events.ts';
import { type AgentId, asId, type QueueId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import type { Device } from '../../services/events/vocabulary.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { type HotlineAsterisk, startHotlineAsterisk } from '../support/hotline-asterisk.ts';
import { SipPhone } from '../support/sip-phone.ts';
import { TRUNK_IP } from '../support/telephones.ts';
import { until } from '../support/until.ts';

const log = pino({ level: 'silent' });
const password = 'a password for tests';
/** What Asterisk has been told, too. */
const centre = loadCentre('dialplans/centre.yaml');
/** As a controller would have it; tests may have it otherwise. */
const usualPlaces = (agent: string) =>
  fallbackPlaces(centre, asId<AgentId>(agent), new Set<QueueId>(), instant(Date.now()));
let placesOf = usualPlaces;
const apologyHz = 500;
/** What is said once and briefly may be over when a busy machine comes to listen for it: it is looked for in all of the call. */
const announced = { forMs: 100, sinceMs: 0 };
const undo: (() => unknown)[] = [];
let asterisk: HotlineAsterisk;
let ami: Ami;
let members: FallbackMembers;
let busy: AgentId[] = [];
/** Whether there is a controller that hears what agents dial. */
let listening = false;
const dialled: [AgentId, AgentIntent][] = [];

beforeAll(async () => {
  const short = (toneHz: number) => ({ toneHz, ms: 300 });
  asterisk = await startHotlineAsterisk({
    accounts: { '1001': password, '1002': password, '1009': password },
    prompts: {
      'fallback-wait': short(apologyHz),
      'number-not-in-service': short(600),
      'system-busy': short(700),
      'queue-full-or-timeout': short(800),
      'agent-ready': short(900),
      'agent-not-ready': short(950),
      'agent-signed-out': short(1000),
    },
  });
});
afterAll(() => asterisk?.stop());

beforeAll(async () => {
  members = new FallbackMembers({
    placesOf: (agent) => placesOf(agent),
    onDialled: async (agent, intent) => {
      dialled.push([agent, intent]);
      staff(agent, intent.kind);
    },
    log,
  });
  const calls = new FallbackCalls({
    isAgent: (agent) => /^100[129]$/.test(agent),
    onBusy: (agents) => {
      busy = [...agents];
    },
    schedule: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    log,
  });
  ami = createAmi({
    port: asterisk.amiPort,
    ...asterisk.secrets.ami,
    log,
    events: [...fallbackCallEvents, ...fallbackMemberEvents],
    onEvent: (event) => {
      calls.handle(event);
      if (listening) members.handle(event);
    },
    onUp: async (connection) => {
      await calls.read(connection);
      void members.up(connection);
    },
    onDown: () => {
      calls.down();
      members.down();
    },
  });
  ami.start();
  await until('AMI', () => ami.action({ action: 'Ping' }));
  return async () => {
    calls.down();
    members.down();
    await ami.stop();
  };
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  placesOf = usualPlaces;
  for (const agent of ['1001', '1002', '1009']) staff(agent, 'signed-out');
  await membersAre([]);
});

function staff(agent: string, intent: AgentIntent['kind'], device: Device | null = 'sip'): void {
  members.staff({ agent: asId<AgentId>(agent), intent, device });
}

/** Waits until Asterisk has exactly these members: `queue phone@penalty`, or `queue phone@penalty paused`. */
async function membersAre(wanted: readonly string[]): Promise<void> {
  let seen: string[] = [];
  const probe = async () => {
    const listed = readMembers(await ami.list({ action: 'QueueStatus' }));
    seen = listed
      .map(({ queue, phone, penalty, paused }) => `${queue} ${phone}@${penalty}${paused ? ' paused' : ''}`)
      .sort();
    return seen.join() === [...wanted].sort().join();
  };
  await until(`members ${wanted}`, probe, { withinMs: 15_000, everyMs: 30, seen: () => seen });
}

/** A phone in all queues of its agent, as the centre has it: `PJSIP/1001`, or `PJSIP/1001 paused`. */
function inAll(what: string): string[] {
  const [phone = '', ...paused] = what.split(' ');
  return placesOf(agentOfPhone(phone)).map(({ queue, penalty }) =>
    [`${queue} ${phone}@${penalty}`, ...paused].join(' '),
  );
}

async function agentPhone(user = '1001'): Promise<SipPhone> {
  const phone = await SipPhone.open({ user, password, sipPort: asterisk.sipPort, toneHz: 660 });
  undo.push(() => phone.stop());
  await phone.register();
  return phone;
}

async function caller(number = '13800138000'): Promise<SipPhone> {
  const phone = await SipPhone.open({ user: number, sipPort: asterisk.sipPort, ip: TRUNK_IP, toneHz: 440 });
  undo.push(() => phone.stop());
  return phone;
}

/** The controller's ears, but nobody who acts. `arrivals` grows with each caller it hears of. */
async function deafController(): Promise<{ arrivals: { args: string[]; channel: { id: string } }[] }> {
  const { user, password: secret } = asterisk.secrets.ari;
  const address = `${asterisk.ariUrl.replace('http', 'ws')}/ari/events?app=hotline&api_key=${user}:${secret}`;
  const socket = new WebSocket(address);
  const arrivals: { args: string[]; channel: { id: string } }[] = [];
  socket.on('message', (data) => {
    const event = JSON.parse(data.toString());
    if (event.type === 'StasisStart') arrivals.push(event);
  });
  undo.push(() => socket.terminate());
  await until('the application to be there', () => ari('GET', 'applications/hotline'));
  return { arrivals };
}

async function ari(method: string, path: string): Promise<boolean> {
  const { user, password: secret } = asterisk.secrets.ari;
  const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  return (await fetch(`${asterisk.ariUrl}/ari/${path}`, { method, headers: { authorization } })).ok;
}

describe('members of the fallback queues', () => {
  test('follow the agents: ready, not ready, another phone, signed out', async () => {
    staff('1001', 'ready');
    await membersAre(inAll('PJSIP/1001'));
    staff('1001', 'not-ready');
    await membersAre(inAll('PJSIP/1001 paused'));
    staff('1001', 'ready', 'web');
    await membersAre(inAll('PJSIP/1001-web'));
    staff('1001', 'ready', null);
    staff('1002', 'not-ready');
    await membersAre([...inAll('PJSIP/1001-web'), ...inAll('PJSIP/1002 paused')]);
    staff('1001', 'signed-out');
    await membersAre(inAll('PJSIP/1002 paused'));
  });

  test('come first where they are best at it; what changes while they are signed in is told', async () => {
    staff('1001', 'ready');
    staff('1009', 'ready');
    await membersAre([
      ...['power-service', 'telecom-service', 'english-service'].flatMap((queue) => [
        `${queue} PJSIP/1001@0`,
        `${queue} PJSIP/1009@0`,
      ]),
      // Level 4 of 5.
      ...['power-complaints', 'telecom-complaints'].map((queue) => `${queue} PJSIP/1001@1`),
    ]);
    placesOf = (agent) =>
      agent === '1001'
        ? [{ queue: asId('power-service'), penalty: 3 }]
        : [{ queue: asId('power-complaints'), penalty: 10 }];
    members.placesChanged([asId('1001'), asId('1009')]);
    await membersAre(['power-service PJSIP/1001@3', 'power-complaints PJSIP/1009@10']);
  });

  test('are what they should be after Asterisk was killed, strangers among them removed', async () => {
    staff('1001', 'ready');
    await membersAre(inAll('PJSIP/1001'));
    await ami.action({ action: 'QueueAdd', Queue: 'power-service', Interface: 'PJSIP/1999' });
    await ami.action({ action: 'QueuePause', Interface: 'PJSIP/1001', Paused: 'true' });
    await asterisk.restart();
    await membersAre(inAll('PJSIP/1001'));
  });
});

describe('without a controller for a moment', () => {
  const hearsRinging = (phone: SipPhone) =>
    until('it rings', () => phone.log.at(-1)?.what === 'hears ringing', { seen: () => phone.log });

  test('callers, and agents who dial a code, hear ringing and are taken by the controller as soon as it is there', async () => {
    const [customer, agent] = await Promise.all([caller(), agentPhone()]);
    const answers = [customer.dial('95598'), agent.dial('*11')];
    await Promise.all([customer, agent].map(hearsRinging));
    const { arrivals } = await deafController();
    await until('both arrivals', () => arrivals.length === 2, { seen: () => arrivals });
    expect(arrivals.map(({ args }) => args).sort()).toEqual([
      ['arrived', 'agent', '*11', '1001', agent.sipCallId],
      ['arrived', 'trunk', '95598', 'trunk', customer.sipCallId],
    ]);
    for (const { channel } of arrivals) await ari('POST', `channels/${channel.id}/answer`);
    expect(await Promise.all(answers)).toEqual(['answered', 'answered']);
    await Promise.all([customer.hangUp(), agent.hangUp()]);
  });

  test('a caller waits for it some seconds, no longer, and is then served without it', async () => {
    const customer = await caller();
    const before = performance.now();
    expect(await customer.dial('10050')).toBe('answered');
    expect(performance.now() - before).toBeGreaterThan(7_000);
    await customer.media.hears(800, announced);
    await customer.idle();
  });

  test('a caller who has had enough leaves, and nothing stays behind', async () => {
    const customer = await caller();
    const answer = customer.dial('95598');
    await hearsRinging(customer);
    await customer.hangUp();
    expect(await answer).toMatch(/^487/);
    await until('no channel', async () => (await ami.list({ action: 'CoreShowChannels' })).length === 0);
  });
});

describe('without a controller, and Asterisk knows', () => {
  // The watchdog says so.
  beforeAll(async () => {
    await ami.action({ action: 'Setvar', Variable: 'HOTLINE_AWAY_UNTIL', Value: '9999999999' });
    return () => ami.action({ action: 'Setvar', Variable: 'HOTLINE_AWAY_UNTIL', Value: '0' });
  });

  test('a caller hears the apology, then talks with a ready agent; nobody else is rung', async () => {
    const [agent, other, customer] = await Promise.all([agentPhone(), agentPhone('1002'), caller()]);
    staff('1001', 'ready');
    staff('1002', 'not-ready');
    await membersAre([...inAll('PJSIP/1001'), ...inAll('PJSIP/1002 paused')]);
    expect(await customer.dial('95598')).toBe('answered');
    await customer.media.hears(apologyHz, announced);
    await agent.incoming();
    await until('1001 counts as busy', () => busy.join() === '1001');
    await agent.answer();
    await agent.hears(440);
    await customer.hears(660);
    await customer.hangUp();
    await agent.idle();
    expect(other.ringCount).toBe(0);
    await until('1001 is free', () => busy.length === 0);
  });

  test('a caller reaches the better one; the next, while that one talks, the other', async () => {
    const [better, other] = await Promise.all([agentPhone('1001'), agentPhone('1002')]);
    const [first, second] = await Promise.all([caller(), caller('13800138001')]);
    placesOf = (agent) => [{ queue: asId('power-service'), penalty: agent === '1001' ? 0 : 4 }];
    // Of two who are equal Asterisk would ring 1002, who has had no call yet, and whom it comes upon first.
    staff('1001', 'ready');
    staff('1002', 'ready');
    await membersAre([...inAll('PJSIP/1001'), ...inAll('PJSIP/1002')]);
    expect(await first.dial('95598')).toBe('answered');
    await better.incoming();
    await better.answer();
    await first.hears(660);
    expect(other.ringCount).toBe(0);
    expect(await second.dial('95598')).toBe('answered');
    await other.incoming();
    await other.answer();
    await second.hears(660);
    await Promise.all([first.hangUp(), second.hangUp()]);
    await Promise.all([better.idle(), other.idle()]);
  });

  test('with nobody signed in the caller is told so and let go', async () => {
    const customer = await caller();
    expect(await customer.dial('10050')).toBe('answered');
    await customer.media.hears(800, announced);
    await customer.idle();
  });

  test('a number that is none of ours is announced as such', async () => {
    const customer = await caller();
    expect(await customer.dial('12345')).toBe('answered');
    await customer.media.hears(600, announced);
    await customer.idle();
  });

  test('agents sign in and out by phone, and the controller takes it over when it is back', async () => {
    const agent = await agentPhone();
    const codes = [
      ['*11', 900, inAll('PJSIP/1001'), 'ready'],
      ['*12', 950, inAll('PJSIP/1001 paused'), 'not-ready'],
      ['*11', 900, inAll('PJSIP/1001'), 'ready'],
      ['*10', 1000, [], 'signed-out'],
    ] as const;
    for (const [code, toneHz, then, intent] of codes) {
      expect(await agent.dial(code)).toBe('answered');
      await agent.media.hears(toneHz, announced);
      await agent.idle();
      await membersAre(then);
      dialled.length = 0;
      await members.up(ami);
      expect(dialled.map(([id, wanted]) => [id, wanted.kind])).toEqual([['1001', intent]]);
      await membersAre(then);
    }
    await members.up(ami);
    expect(dialled).toHaveLength(1);
  });

  test('who signs in by phone joins as the certificates say that count today', async () => {
    const agent = await agentPhone('1009');
    expect(centre.agents.get(asId('1009'))?.skills).toMatchObject([
      { skill: 'english', expiresAt: expect.any(Number) },
    ]);
    expect(await agent.dial('*11')).toBe('answered');
    await agent.idle();
    await membersAre(inAll('PJSIP/1009'));
    expect(inAll('PJSIP/1009')).toContain('english-service PJSIP/1009@0');
    await members.up(ami);
  });

  test('a controller that only hung takes it over as soon as it goes on', async () => {
    const agent = await agentPhone();
    dialled.length = 0;
    listening = true;
    undo.push(() => {
      listening = false;
    });
    expect(await agent.dial('*11')).toBe('answered');
    await until('it is taken over', () =>
      dialled.some(([id, { kind }]) => id === '1001' && kind === 'ready'),
    );
    await agent.idle();
    await membersAre(inAll('PJSIP/1001'));
  });

  test('any other number an agent dials is refused politely', async () => {
    const agent = await agentPhone();
    for (const number of ['95598', 's', '*13']) {
      expect(await agent.dial(number)).toBe('answered');
      await agent.media.hears(700, announced);
      await agent.idle();
    }
  });
});

describe('the watchdog', () => {
  let health: Server;
  let saysDeaf = false;
  const stop = new AbortController();
  const reports: string[] = [];
  let watching: Promise<void>;

  /** As the controller rings: the phone's leg is in its bridge while it rings. */
  async function controllerRings(agent: string): Promise<void> {
    const leg = `leg-${agent}`;
    await ari('POST', `bridges/bridge-${agent}?type=mixing`);
    await ari('POST', `channels/create?endpoint=PJSIP/${agent}&app=hotline&appArgs=agent,x&channelId=${leg}`);
    await until('the leg to be dialled', () => ari('POST', `channels/${leg}/dial?timeout=60`));
    await ari('POST', `bridges/bridge-${agent}/addChannel?channel=${leg}`);
  }

  beforeAll(async () => {
    health = createServer((_, response) => {
      response.statusCode = saysDeaf ? 503 : 200;
      response.end(JSON.stringify({ telephony: saysDeaf ? 'down' : 'up' }));
    });
    await new Promise<void>((listening) => health.listen(0, '127.0.0.1', listening));
    watching = watchController({
      readyUrl: `http://127.0.0.1:${(health.address() as AddressInfo).port}/readyz`,
      ami: { port: asterisk.amiPort, ...asterisk.secrets.ami },
      log,
      report: (line) => reports.push(line),
      until: stop.signal,
      times: { awayAfterMs: 3_000, askEveryMs: 50, answerWithinMs: 2_000, rescueEveryMs: 100 },
    });
  });
  afterAll(async () => {
    stop.abort();
    await watching;
    health?.close();
  });

  test('sends callers to the fallback when the controller has lost an Asterisk that answers others', async () => {
    await deafController();
    const customer = await caller();
    void customer.dial('95598');
    await until('the caller is in the application', async () =>
      (await ami.list({ action: 'CoreShowChannels' })).some((one) => one.application === 'Stasis'),
    );
    expect(reports).toEqual([]);
    saysDeaf = true;
    await customer.media.hears(apologyHz, announced);
    await until('the loss is reported', () => reports.length === 1);
    saysDeaf = false;
    await until('the return is reported', () => reports.length === 2);
    reports.length = 0;
    await customer.hangUp();
  });

  test('sends callers nobody serves to the fallback, whether the controller is dead or hangs', async () => {
    await deafController();
    const [agent, first, second] = await Promise.all([agentPhone(), caller(), caller('13800138001')]);
    const another = await agentPhone('1002');
    staff('1001', 'ready');
    await membersAre(inAll('PJSIP/1001'));
    void first.dial('95598');
    await until('the caller is in', () => first.log.some(({ what }) => what.startsWith('dials')));
    const inStasis = async (count: number) => {
      const channels = await ami.list({ action: 'CoreShowChannels' });
      return channels.filter((one) => one.application === 'Stasis').length === count;
    };
    await until('the caller is in the application', () => inStasis(1));
    await controllerRings('1002');
    await another.incoming();
    expect(reports).toEqual([]);

    health.closeAllConnections();
    health.close();
    await agent.incoming();
    expect(reports).toHaveLength(1);
    await agent.answer();
    await first.hears(660);
    await another.idle();

    staff('1002', 'ready');
    void second.dial('95598');
    await second.talking();
    await second.media.hears(apologyHz, announced);
    await another.incoming();
    await another.answer();
    await second.hears(660);
    await first.hears(660);
    await until('nobody is left in the application', () => inStasis(0));
  });
});
