import { afterAll, afterEach, beforeAll, expect, onTestFailed, test } from 'vitest';
import { killAndWait } from '../support/kill-part.ts';
import { standbyWaits } from '../support/standby.ts';
import { hearsMusic, reason, TransfersAtWork, together, voiceOf } from '../support/transfers-at-work.ts';
import { nothingUnexplained } from '../support/witnesses.ts';

let work: TransfersAtWork;
beforeAll(async () => {
  // A start of 8 s, on a busy machine, would give whoever hears music to Asterisk's own queues (infra/supervisor/watchdog.ts).
  work = await TransfersAtWork.start({ HOTLINE_STANDBY: 'on' });
});
afterEach(() => work.hotline.tidyUp());
afterAll(() => work?.hotline.stop());

const colleague1002 = { to: { kind: 'agent', agent: '1002' }, reason };

/** 1001 asks 1002 while the caller hears music. */
async function inConsultation() {
  const parties = await work.talk();
  const { agent, colleague } = parties;
  await work.does('1001', 'consult', colleague1002);
  await colleague.incoming(10_000);
  await colleague.answer();
  await together(voiceOf(agent), voiceOf(colleague));
  await standbyWaits(work.hotline.instance);
  return parties;
}

test('the controller is killed while advice is taken: they go on, and the caller is left with the colleague afterwards', async () => {
  onTestFailed(() => console.error(work.hotline.instance.logs()));
  const { call, caller, agent, colleague } = await inConsultation();
  const back = killAndWait(work.hotline.instance, 'controller');
  await together(voiceOf(agent), voiceOf(colleague));
  await back;
  await together(voiceOf(agent), voiceOf(colleague));
  await hearsMusic(caller, voiceOf(agent), voiceOf(colleague));
  await work.does('1001', 'complete-transfer');
  await agent.idle();
  await together(caller, voiceOf(colleague));
  call.hangUp();
  await colleague.idle();
  expect((await work.recordOf(call)).record).toMatchObject({ transfers: 1, agent: '1002' });
});

test('the controller is killed while all three speak, and the first agent hangs up meanwhile: the others go on', async () => {
  onTestFailed(() => console.error(work.hotline.instance.logs()));
  const { call, caller, agent, colleague } = await inConsultation();
  await work.does('1001', 'conference');
  await together(caller, voiceOf(agent), voiceOf(colleague));
  const back = killAndWait(work.hotline.instance, 'controller');
  await agent.hangUp();
  await together(caller, voiceOf(colleague));
  await back;
  await work.hotline.agentIs('1002', 'on-call');
  await together(caller, voiceOf(colleague));
  await colleague.hangUp();
  await call.ended();
  const { record, conversations } = await work.recordOf(call);
  expect(record).toMatchObject({ transfers: 1, agent: '1002' });
  expect(conversations.map((one) => one.agent)).toEqual(['1001', '1002']);
});

test('Asterisk tells of every leg of these calls what our records do', async () => {
  onTestFailed(() => console.error(work.hotline.instance.logs()));
  await nothingUnexplained(work.hotline);
});
