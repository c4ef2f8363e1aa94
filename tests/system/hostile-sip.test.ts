import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseCel } from '../../services/adapters/cel/parse.ts';
import { listenToAmi } from '../support/ami-listener.ts';
import { freePortRange } from '../support/free-ports.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { pidOf } from '../support/kill-part.ts';
import { metricSum } from '../support/metrics-text.ts';
import { processSize } from '../support/process-size.ts';
import { chance } from '../support/seeded.ts';
import {
  type Castle,
  endlessLines,
  hastyCallers,
  hugeMessages,
  mediaGarbage,
  silentCallers,
  strayRequests,
} from '../support/siege.ts';
import { Stranger } from '../support/stranger.ts';
import { TRUNK_IP } from '../support/telephones.ts';
import { TortureSender } from '../support/torture/sender.ts';
import { tortureMessages } from '../support/torture/torture.ts';
import { until } from '../support/until.ts';

const STRANGER_IP = '127.0.0.4';
/** Few, so that there are never more than 100 calls, whoever dials. */
const MEDIA_PORTS = 200;
/** A line without sound for so long is dead. */
const SILENCE_S = 6;

let hotline: HotlineAtWork;
let castle: Castle;
let pids: Record<'controller' | 'asterisk', number>;
let supervisor: number | undefined;

const pidsNow = () => ({
  controller: pidOf(hotline.instance, 'controller'),
  asterisk: pidOf(hotline.instance, 'asterisk'),
});
const sizes = () => ({ controller: processSize(pids.controller), asterisk: processSize(pids.asterisk) });

beforeAll(async () => {
  const first = await freePortRange(MEDIA_PORTS);
  const rtpPorts = { first, last: first + MEDIA_PORTS - 1 };
  hotline = await HotlineAtWork.start(
    { ringTimeoutSeconds: 15 },
    { HOTLINE_RTP_PORTS: `${rtpPorts.first}-${rtpPorts.last}`, HOTLINE_TRUNK_SILENCE_S: String(SILENCE_S) },
  );
  const { sipPort, env } = hotline.instance;
  castle = { sipPort, rtpPorts, webSocketPort: Number(env.HOTLINE_ASTERISK_HTTP_PORT) };
  pids = pidsNow();
  supervisor = hotline.instance.running.pid;
});

/** What the two hold more than then. */
function grownSince(before: ReturnType<typeof sizes>) {
  const now = sizes();
  const grown = (part: 'controller' | 'asterisk') => ({
    files: now[part].files - before[part].files,
    memoryMb: Math.round((now[part].memoryBytes - before[part].memoryBytes) / 1e5) / 10,
  });
  return { controller: grown('controller'), asterisk: grown('asterisk') };
}
const filesGrown = (before: ReturnType<typeof sizes>) =>
  Math.max(...Object.values(grownSince(before)).map(({ files }) => files));
afterEach(async () => {
  expect(pidsNow(), 'nothing had to be started again').toEqual(pids);
  expect([hotline.instance.running.pid, hotline.instance.running.exit()]).toEqual([supervisor, undefined]);
  await hotline.tidyUp();
});
afterAll(() => hotline?.stop());

/** Each message of RFC 4475 once, by somebody who then behaves; over when all that must be answered is, and all calls are hung up. */
async function torture(ip: string, transport: 'UDP' | 'TCP') {
  const way = { ip, sipPort: castle.sipPort, transport };
  const senders = await Promise.all(tortureMessages.map((one) => TortureSender.sends(one, way)));
  try {
    const waiting = () =>
      senders.filter(({ finalStatus, reply }) => {
        const { answers, orSilence } = reply.sent;
        if (finalStatus === undefined) return answers.length > 0 && !orSilence;
        return finalStatus === 200 && reply.invited && !reply.over;
      });
    await until('answers to all that can be read', () => waiting().length === 0, {
      withinMs: 15_000,
      seen: () => waiting().map(({ reply }) => [reply.sent.section, reply.sent.name, reply.statuses]),
    });
    return senders.map(({ reply, finalStatus }) => ({ ...reply, finalStatus }));
  } finally {
    for (const sender of senders) sender.close();
  }
}

/** INVITEs that reached the dialplan, by Asterisk's own account: Call-IDs that begin so. */
function arrivals(mark: string): string[] {
  const account = readFileSync(join(hotline.instance.home, 'asterisk', 'cel', 'cel.csv'));
  return parseCel(account)
    .records.filter(({ userType }) => userType === 'HOTLINE_ARRIVED')
    .map(({ extra }) => /,([^,"]+)"\}$/.exec(extra)?.[1] ?? extra)
    .filter((callId) => callId.startsWith(mark));
}

/** Every arrival has one record, which has ended; there is no other record, and nothing is unexplained. */
async function everyArrivalHasItsRecord(mark: string): Promise<number> {
  const records = await hotline.instance.query<{ sip_call_id: string; ended: boolean }>(
    `select sip_call_id, ended_at is not null as ended from call_record where sip_call_id like $1 || '%'`,
    [mark],
  );
  expect(records.filter(({ ended }) => !ended)).toEqual([]);
  expect(records.map(({ sip_call_id }) => sip_call_id).sort()).toEqual(arrivals(mark).sort());
  expect(metricSum(await hotline.instance.metrics(), 'hotline_ledger_unexplained_calls')).toBe(0);
  return records.length;
}

/** The agent's alone: nobody else is available. */
async function aGoodCallWorks(agent: string): Promise<void> {
  const phone = await hotline.ready(agent, { toneHz: 660 });
  const call = await hotline.waiting({ toneHz: 440 });
  await phone.incoming();
  await phone.answer();
  await Promise.all([phone.hears(440), call.media.hears(660)]);
  call.hangUp();
  await call.ended();
  expect((await hotline.ledger.historyOf(call.sipCallId)).record).toMatchObject({
    outcome: 'answered',
    agent,
  });
}

test('the 49 messages of RFC 4475, by UDP and TCP, from the trunk and from a stranger: sensible answers, one record each, a good call works', async () => {
  expect(tortureMessages).toHaveLength(49);
  for (const transport of ['UDP', 'TCP'] as const) {
    const replies = await torture(TRUNK_IP, transport);
    for (const { sent, finalStatus } of replies)
      if (finalStatus !== undefined)
        expect(sent.answers, `${sent.section} ${sent.name}`).toContain(finalStatus);
    expect(
      replies.filter(({ finalStatus, invited }) => invited && finalStatus === 200).length,
    ).toBeGreaterThan(5);
    // Who is not known is asked for a password, or not spoken to; what he sends is not looked into further.
    for (const { sent, finalStatus } of await torture(STRANGER_IP, transport))
      if (finalStatus !== undefined && sent.answers.length > 0)
        expect([400, 401, 416, 505], `${sent.section} ${sent.name}`).toContain(finalStatus);
  }
  await hotline.nothingLeft({ withinMs: 20_000 });
  expect(await everyArrivalHasItsRecord('')).toBeGreaterThan(10);
  await aGoodCallWorks('1001');
});

test('four rounds of them leave nothing behind: files, threads and memory stay as they were', async () => {
  await torture(TRUNK_IP, 'UDP');
  await hotline.nothingLeft({ withinMs: 20_000 });
  const before = sizes();
  for (let round = 0; round < 4; round += 1) await torture(TRUNK_IP, round % 2 === 0 ? 'UDP' : 'TCP');
  await hotline.nothingLeft({ withinMs: 20_000 });
  await until('files to be closed', () => filesGrown(before) <= 10, {
    withinMs: 20_000,
    seen: () => grownSince(before),
  });
  const { asterisk, controller } = grownSince(before);
  console.info(`grown by four rounds: ${JSON.stringify({ asterisk, controller })}`);
  expect(asterisk.memoryMb).toBeLessThan(25);
  expect(controller.memoryMb).toBeLessThan(60);
});

test('an agent’s phone that answers like none should: the caller stays first in line, nothing is dialled for it, nothing is left', async () => {
  const sip = (user: string): [string, string] => ['Contact', `<sip:${user}@127.0.0.1:${castle.sipPort}>`];
  const sdpType: [string, string] = ['Content-Type', 'application/sdp'];
  const answers: readonly [number, string, [string, string][], string][] = [
    // To follow it would make a call of our own making.
    [302, 'Moved Temporarily', [sip('10050')], ''],
    [300, 'Multiple Choices', Array.from({ length: 50 }, (_, i) => sip(`9559${i}`)), ''],
    [699, '', [], ''],
    [200, 'OK', [sip('1004'), sdpType], 'v=0\r\nm=audio 99999999 RTP/AVP 1000\r\n'],
  ];
  const phone = await hotline.phones.phone(hotline.account('1004'));
  for (const [status, reason, headers, body] of answers) {
    await hotline.makeAvailable('1004');
    const call = await hotline.waiting();
    await phone.incoming();
    phone.replyWith(status, reason, headers, body);
    const about = `${status} ${reason}`;
    await until(
      `${about}: the caller to wait, and the agent to be free or not ready`,
      async () => {
        const { calls } = await hotline.live();
        const { state } = await hotline.agent('1004');
        return (
          calls.length === 1 &&
          calls[0]?.stage === 'waiting' &&
          /^(available|not-ready|unreachable)$/.test(state)
        );
      },
      { withinMs: 15_000, seen: () => phone.log.slice(-5) },
    );
    call.hangUp();
    await call.ended();
    const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
    expect(record, about).toMatchObject({ outcome: 'abandoned_in_queue', release_party: 'caller' });
    expect(visits, about).toHaveLength(1);
    await phone.idle();
    await hotline.nothingLeft({ withinMs: 10_000 });
    await hotline.lead.send('PUT', 'agents/1004/state', { state: 'signed-out' });
  }
});

test('what a caller says of himself is never a line of its own on the manager interface, and a broken record to nobody', async () => {
  const ami = await listenToAmi(hotline.instance);
  const forged = '%0d%0aForged%3a%20yes%0d%0a%0d%0aEvent%3a%20Forged';
  const mark = `forger${Date.now()}-`;
  const callers: Stranger[] = [];
  try {
    for (const [user, from] of [
      [`95598${forged}`, '13800138000'],
      ['95598', `1380013${forged}`],
      ['95598%22%2c%0a%22CEL1%22', '1380013%22%0a%22CEL1%22'],
      ['95598', '%E7%94%B5'],
      // As carriers write a number with its parameters: a call to 95598 like any other.
      ['95598;phone-context=+86', '+8613800138000;phone-context=+86'],
    ] as const) {
      const callId = `${mark}${callers.length}`;
      callers.push(await Stranger.calls({ sipPort: castle.sipPort, sourceIp: TRUNK_IP, user, from, callId }));
    }
    // At the same time: whoever says nothing is let go after some seconds.
    expect(await Promise.all(callers.map((caller) => caller.finalStatus()))).toEqual(callers.map(() => 200));
    const lines = await ami.list('CoreShowChannels');
    expect(lines.filter((line) => line.startsWith('Event: CoreShowChannel')).length).toBeGreaterThan(
      callers.length,
    );
    expect(
      lines
        .filter((line) => !/^[A-Za-z]+: /.test(line) || /^(Forged|Event: Forged)/.test(line))
        .filter(Boolean),
    ).toEqual([]);
    // Nobody speaks: they are let go by themselves.
    await hotline.nothingLeft({ withinMs: 40_000 });
    expect(await everyArrivalHasItsRecord(mark)).toBe(callers.length);
    const [chinese] = await hotline.instance.query(
      'select caller_number from call_record where sip_call_id = $1',
      [`${mark}3`],
    );
    expect(chinese).toEqual({ caller_number: '电' });
    const [withParameters] = await hotline.instance.query(
      'select caller_number, dialled_number, hotline from call_record where sip_call_id = $1',
      [`${mark}4`],
    );
    expect(withParameters).toEqual({
      caller_number: '13800138000',
      dialled_number: '95598',
      hotline: '95598',
    });
  } finally {
    for (const caller of callers) caller.close();
    ami.stop();
  }
});

test('a siege, while two callers’ lines die: they are let go in time with true records, all calls end, and a good call works', async () => {
  const dice = chance();
  const agent = await hotline.ready('1002', { toneHz: 660 });
  const talking = await hotline.phones.trunkPhone('13900000071', { toneHz: 440 });
  expect(await talking.dial('95598')).toBe('answered');
  await hotline.callIs(talking, 'ivr');
  await talking.press('0');
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  const waiting = await hotline.phones.trunkPhone('13900000072', { toneHz: 440 });
  expect(await waiting.dial('95598')).toBe('answered');
  await hotline.callIs(waiting, 'ivr');
  await waiting.press('0');
  await hotline.callIs(waiting, 'waiting', 15_000);

  const before = sizes();
  const diedAt = Date.now();
  await Promise.all([talking.kill(), waiting.kill()]);
  const lift = await endlessLines(castle, 50, dice);
  // Before the others take all places.
  await hastyCallers(castle, TRUNK_IP, 40, 'hasty');
  await Promise.all([
    silentCallers(castle, TRUNK_IP, 1_000, 'silent'),
    strayRequests(castle, TRUNK_IP, 2_000, dice),
    strayRequests(castle, STRANGER_IP, 2_000, dice),
    silentCallers(castle, STRANGER_IP, 500, 'stranger'),
    mediaGarbage(castle, TRUNK_IP, 5, dice),
    mediaGarbage(castle, STRANGER_IP, 5, dice),
    hugeMessages(castle, STRANGER_IP, 60),
    hugeMessages(castle, TRUNK_IP, 60),
  ]);

  await agent.idle(40_000);
  const conversation = await hotline.ledger.historyOf(talking.sipCallId ?? '', 40_000);
  expect(conversation.record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1002' });
  const wait = await hotline.ledger.historyOf(waiting.sipCallId ?? '', 40_000);
  expect(wait.record).toMatchObject({ outcome: 'abandoned_in_queue', release_party: 'caller', agent: null });
  for (const { record } of [conversation, wait]) {
    const deadS = (record.ended_at.getTime() - diedAt) / 1_000;
    expect(deadS).toBeGreaterThan(SILENCE_S - 3);
    expect(deadS).toBeLessThan(SILENCE_S + 20);
  }
  lift();
  await hotline.nothingLeft({ withinMs: 60_000 });
  const reached = {
    silent: await everyArrivalHasItsRecord('silent'),
    hasty: await everyArrivalHasItsRecord('hasty'),
  };
  console.info(
    `of 1 000 silent and 40 hasty callers the dialplan saw ${JSON.stringify(reached)}; grown: ${JSON.stringify(grownSince(before))}`,
  );
  expect(reached.silent).toBeGreaterThan(20);
  expect(reached.hasty).toBeGreaterThan(5);
  await until('files to be closed', () => filesGrown(before) <= 10, {
    withinMs: 20_000,
    seen: () => grownSince(before),
  });
  expect(arrivals('stranger')).toEqual([]);
  await hotline.agentIs('1002', 'available');
  await hotline.lead.send('PUT', 'agents/1002/state', { state: 'signed-out' });
  await aGoodCallWorks('1003');
});
