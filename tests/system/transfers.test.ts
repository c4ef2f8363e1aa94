import { afterAll, afterEach, beforeAll, expect, onTestFailed, test } from 'vitest';
import {
  agentHz,
  apart,
  colleagueHz,
  hearsMusic,
  outsideNumber,
  reason,
  TransfersAtWork,
  together,
  voiceOf,
} from '../support/transfers-at-work.ts';
import { until } from '../support/until.ts';
import { nothingUnexplained } from '../support/witnesses.ts';

let work: TransfersAtWork;
beforeAll(async () => {
  work = await TransfersAtWork.start();
});
afterEach(() => work.hotline.tidyUp());
afterAll(() => work?.hotline.stop());

const logsIfItFails = () => onTestFailed(() => console.error(work.hotline.instance.logs()));
const colleague1002 = { to: { kind: 'agent', agent: '1002' }, reason };

test('hold from the desk: the caller hears music, the agent nothing; taken back, both speak', async () => {
  logsIfItFails();
  const { call, caller, agent } = await work.talk();
  await together(caller, voiceOf(agent));
  await work.does('1001', 'hold', { reason: 'checking', promisedSeconds: 30 });
  await hearsMusic(caller, voiceOf(agent));
  await apart(voiceOf(agent), caller);
  expect(await work.live(call)).toMatchObject({
    ...{ stage: 'talking', held: true },
    hold: { promise: { reason: 'checking', promisedMs: 30_000 } },
  });
  await work.does('1001', 'resume');
  await together(caller, voiceOf(agent));
  await work.does('1001', 'hang-up');
  await call.ended();
  const { record } = await work.recordOf(call);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'agent', transfers: 0 });
  expect(record.hold_ms).toBeGreaterThan(300);
});

test('blind to a colleague: both speak, and each agent has a conversation of their own in the records', async () => {
  logsIfItFails();
  const { call, caller, agent, colleague } = await work.talk();
  await work.does('1001', 'transfer', colleague1002);
  await agent.idle();
  await colleague.incoming();
  await hearsMusic(caller, voiceOf(agent));
  expect(await work.live(call)).toMatchObject({ passing: { by: '1001', reason } });
  await colleague.answer();
  await together(caller, voiceOf(colleague));
  await colleague.hangUp();
  await call.ended();
  const { record, conversations } = await work.recordOf(call);
  expect(record).toMatchObject({ transfers: 1, agent: '1002', release_party: 'agent' });
  expect(conversations.map((one) => one.agent)).toEqual(['1001', '1002']);
});

test('blind in vain: the colleague declines, the first agent is rung and has the caller back', async () => {
  logsIfItFails();
  const { call, caller, agent, colleague } = await work.talk();
  await work.does('1001', 'transfer', colleague1002);
  await colleague.incoming();
  await colleague.decline();
  await agent.incoming();
  await agent.answer();
  await together(caller, voiceOf(agent));
  await agent.hangUp();
  await call.ended();
  const { record, conversations } = await work.recordOf(call);
  expect(record).toMatchObject({ transfers: 0, agent: '1001' });
  expect(conversations.map((one) => one.agent)).toEqual(['1001', '1001']);
});

test('blind to a queue: whoever serves it answers; to the outside: both hear each other', async () => {
  logsIfItFails();
  const { call, caller, agent, colleague } = await work.talk();
  await work.does('1001', 'transfer', { to: { kind: 'queue', queue: 'telecom-service' }, reason });
  await agent.idle();
  await colleague.incoming();
  await colleague.answer();
  await together(caller, voiceOf(colleague));
  const number = await work.outside();
  await work.hotline.agentIs('1002', 'on-call');
  await work.does('1002', 'transfer', { to: { kind: 'outside', number: outsideNumber }, reason });
  await number.incoming();
  expect(number.log.find(({ what }) => what === 'rings')?.from).toBe('95598');
  await number.answer();
  await together(caller, voiceOf(number));
  await number.hangUp();
  await call.ended();
  const { record } = await work.recordOf(call);
  expect(record).toMatchObject({ outcome: 'answered', transfers: 2, queue: 'telecom-service' });
});

test('advice, turned to the caller and back, all three, and the caller left with the colleague', async () => {
  logsIfItFails();
  const { call, caller, agent, colleague } = await work.talk();
  await work.does('1001', 'consult', colleague1002);
  await colleague.incoming();
  expect(colleague.log.find(({ what }) => what === 'rings')?.from).toBe('1001');
  await colleague.answer();
  await together(voiceOf(agent), voiceOf(colleague));
  await hearsMusic(caller, voiceOf(agent), voiceOf(colleague));
  await work.does('1001', 'swap');
  await together(caller, voiceOf(agent));
  await hearsMusic(voiceOf(colleague), caller, voiceOf(agent));
  await work.does('1001', 'conference');
  await together(caller, voiceOf(agent), voiceOf(colleague));
  expect(await work.live(call)).toMatchObject({ held: false, consult: { by: '1001', speaksWith: 'all' } });
  await work.does('1001', 'complete-transfer');
  await agent.idle();
  await together(caller, voiceOf(colleague));
  await work.hotline.agentIs('1002', 'on-call');
  call.hangUp();
  await colleague.idle();
  const { record, conversations } = await work.recordOf(call);
  expect(record).toMatchObject({ transfers: 1, agent: '1002', release_party: 'caller' });
  expect(conversations.map((one) => one.agent)).toEqual(['1001', '1002']);
  expect(conversations[0]?.hold_ms).toBeGreaterThan(300);
});

test('an outside number asked for advice hangs up while all three speak: agent and caller go on', async () => {
  logsIfItFails();
  const { call, caller, agent } = await work.talk();
  const number = await work.outside();
  await work.does('1001', 'consult', { to: { kind: 'outside', number: outsideNumber }, reason });
  await number.incoming();
  await number.answer();
  await together(voiceOf(agent), voiceOf(number));
  await work.does('1001', 'conference');
  await together(caller, voiceOf(agent), voiceOf(number));
  await number.hangUp();
  await together(caller, voiceOf(agent));
  call.hangUp();
  await agent.idle();
  expect((await work.recordOf(call)).record).toMatchObject({ transfers: 0, agent: '1001' });
});

test("the phone's own transfer key, on hold as phones do it: the phone hears that it is done, caller and colleague speak", async () => {
  logsIfItFails();
  const { call, caller, agent, colleague } = await work.talk();
  await agent.hold();
  await work.hotline.agentIs('1001', 'on-hold');
  expect(await agent.refer('1002')).toBe(202);
  expect(await agent.transferAnswer()).toBe(200);
  await agent.idle();
  await colleague.incoming();
  await hearsMusic(caller, voiceOf(agent));
  await colleague.answer();
  await together(caller, voiceOf(colleague));
  await colleague.hangUp();
  await call.ended();
  const { record, conversations } = await work.recordOf(call);
  expect(record).toMatchObject({ transfers: 1, agent: '1002', release_party: 'agent' });
  expect(conversations.map((one) => one.agent)).toEqual(['1001', '1002']);
  expect(conversations[0]?.hold_ms).toBeGreaterThan(0);
});

test('the transfer key, for somebody who does not answer: the first agent is rung and has the caller back', async () => {
  logsIfItFails();
  const { call, caller, agent, colleague } = await work.talk();
  expect(await agent.refer('1002')).toBe(202);
  expect(await agent.transferAnswer()).toBe(200);
  await colleague.incoming();
  await agent.idle();
  await agent.incoming(40_000);
  await agent.answer();
  await together(caller, voiceOf(agent));
  await agent.hangUp();
  await call.ended();
  const { record, conversations } = await work.recordOf(call);
  expect(record).toMatchObject({ transfers: 0, agent: '1001' });
  expect(conversations.map((one) => one.agent)).toEqual(['1001', '1001']);
});

test('the transfer key, for a number nobody has, or a call that is none of ours: refused, and the conversation goes on', async () => {
  logsIfItFails();
  const { call, caller, agent, colleague } = await work.talk();
  for (const to of ['9999', '<sip:1002@127.0.0.1?Replaces=nobody%3Bto-tag%3D1%3Bfrom-tag%3D2>']) {
    expect(await agent.refer(to)).toBe(202);
    expect(await agent.transferAnswer()).toBe(603);
    await together(caller, voiceOf(agent));
  }
  expect(colleague.ringCount).toBe(0);
  await agent.hangUp();
  await call.ended();
  expect((await work.recordOf(call)).record).toMatchObject({ transfers: 0, agent: '1001' });
});

test('an agent calls a number from the desk: the own phone first, then the number, which sees the hotline', async () => {
  logsIfItFails();
  const agent = await work.hotline.ready('1001', { toneHz: agentHz, answer: 'manual' });
  const since = new Date((await work.hotline.agent('1001')).since);
  const number = await work.outside();
  await work.does('1001', 'dial', { number: outsideNumber, hotline: '95598' });
  await agent.incoming();
  await agent.answer();
  await number.incoming();
  expect(number.log.find(({ what }) => what === 'rings')?.from).toBe('95598');
  await number.answer();
  await together(voiceOf(agent), voiceOf(number));
  await work.hotline.agentIs('1001', 'on-call');
  await number.hangUp();
  await agent.idle();
  // It takes a second: who looks later finds the agent available, but it stands in the records.
  await until('the wrap-up to be over', async () => {
    const states = (await work.hotline.ledger.statesOf('1001', since)).map(({ state }) => state);
    return states.slice(-3).join() === 'on-call,wrapping-up,available';
  });
});

test('an agent dials on the phone itself: a colleague, and a number outside; one that may not be called is not', async () => {
  logsIfItFails();
  const agent = await work.hotline.ready('1001', { toneHz: agentHz, answer: 'manual' });
  const since = new Date((await work.hotline.agent('1001')).since);
  const colleague = await work.hotline.ready('1002', { toneHz: colleagueHz, answer: 'manual' });
  await agent.dial('1002');
  await colleague.incoming();
  await colleague.answer();
  await together(voiceOf(agent), voiceOf(colleague));
  await colleague.hangUp();
  await agent.idle();
  await work.hotline.agentIs('1002', 'available');
  await work.hotline.agentIs('1001', 'available');
  const number = await work.outside();
  await agent.dial(outsideNumber);
  await number.incoming();
  await number.answer();
  await together(voiceOf(agent), voiceOf(number));
  await agent.hangUp();
  await number.idle();
  await agent.dial('00861234567');
  await agent.idle();
  expect(number.ringCount).toBe(1);
  const ended = () =>
    work.hotline.instance.query<{ dialled_number: string; outcome: string }>(
      `select dialled_number, outcome from call_record
        where source = 'agent' and started_at >= $1 and dialled_number = any($2) and ended_at is not null order by started_at`,
      [since, ['1002', outsideNumber]],
    );
  expect(
    await until('the records of both', async () => {
      const rows = await ended();
      return rows.length >= 2 && rows;
    }),
  ).toEqual([
    { dialled_number: '1002', outcome: 'answered' },
    { dialled_number: outsideNumber, outcome: 'answered' },
  ]);
});

test('Asterisk tells of every leg of these calls what our records do', async () => {
  logsIfItFails();
  await nothingUnexplained(work.hotline);
});
