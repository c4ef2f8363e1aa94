import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { featureCodes } from '../../services/calls/feature-codes.ts';
import { timerKinds } from '../../services/calls/timers.ts';
import { agentStates, callStages } from '../../services/events/vocabulary.ts';
import { nodeKinds } from '../../services/ivr/flow.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { makePromptsLast } from '../support/long-prompts.ts';
import { smallFlows } from '../support/read-flows.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { standbyWaits } from '../support/standby.ts';
import { until } from '../support/until.ts';
import { type Scene, type StateName, states, statesIn, statesOf } from './states.ts';
import { anotherServes, killAndRead } from './world-at-death.ts';

test('every stage, node kind, agent state, timer kind and feature code is in the registry', () => {
  const words = [
    ...callStages.map((stage) => `call ${stage}`),
    ...nodeKinds.map((kind) => `node ${kind}`),
    ...agentStates.map((state) => `agent ${state}`),
    ...timerKinds.map((kind) => `timer ${kind}`),
    ...Object.keys(featureCodes).map((code) => `code ${code}`),
  ];
  expect(Object.keys(states).sort()).toEqual(words.sort());
});

describe('kill -9 of the controller on real parts', () => {
  const wrapUpSeconds = 15;
  /** Of what is being said when the controller is killed: said in 2 to 5 s, it might be over on a machine that stands still. */
  const saidForSeconds = 12;
  let hotline: HotlineAtWork;

  beforeAll(async () => {
    // Two centres in one: callers who wait for the one do not reach the free agents of the other.
    hotline = await HotlineAtWork.start(
      {
        ringTimeoutSeconds: 60,
        wrapUpSeconds,
        maxWaitSeconds: 40,
        queuesOf: (agent) => [Number(agent) <= 1007 ? 'power-service' : 'telecom-service'],
      },
      { HOTLINE_STANDBY: 'on' },
    );
  });
  // Without one a kill is followed by a start of several seconds; of 8 s, and Asterisk serves the callers.
  beforeEach(() => standbyWaits(hotline.instance));
  afterEach(() => hotline.tidyUp());
  afterAll(() => hotline?.stop());

  test('a busy hour: talking, on hold, wrapping up, ringing, waiting, listening; agents of every kind', async () => {
    const since = new Date();
    // One after another, so that each caller meets the agent meant for them.
    const holder = await inConversation('1001', '13900000001', 440, 660);
    const talker = await inConversation('1002', '13900000002', 450, 680);
    const free = await hotline.ready('1008', { toneHz: 700 });
    const away = await hotline.phones.phone(hotline.account('1006'));
    await hotline.makeAvailable('1006');
    await away.unregister();
    await hotline.agentIs('1006', 'unreachable');
    const notReady = await hotline.phones.phone(hotline.account('1005'));
    await hotline.lead.send('PUT', 'agents/1005/state', { state: 'not-ready', reason: 'meal' });
    const signedOut = await hotline.phones.phone(hotline.account('1007'));
    const rings = await ringing('1004', '13900000004', 460);
    const wrapper = await inConversation('1003', '13900000003', 470, 720);
    const waits = await hotline.greeted({ from: '13900000005' });
    const menu = await hotline.greeted({ from: '13900000006' });
    await holder.phone.hold();
    const heldAt = Date.now();
    await hotline.agentIs('1001', 'on-hold');
    await listens(menu);
    wrapper.call.hangUp();
    await waits.press('0');
    const queuedAt = Date.now();
    await hotline.agentIs('1003', 'wrapping-up');
    await hotline.callIs(waits, 'waiting');
    // Still, or once more: it listens for 6 s at a time.
    await listens(menu);

    await killIn('a busy hour', async () => {
      // Nobody but Asterisk is there.
      await talker.phone.hears(450);
    });

    expect(rings.phone.state).toBe('ringing');
    await holder.phone.resume();
    const heldMs = Date.now() - heldAt;
    await holder.phone.hears(440);
    await talker.phone.hears(450);
    await talker.call.media.hears(680, { sinceMs: talker.call.media.recording.lengthMs });
    await menu.press('0');
    await rings.phone.answer();
    await rings.phone.hears(460);
    await hotline.callIs(rings.call, 'talking');
    await hotline.callIs(menu, 'waiting');
    expect((await hotline.agent('1005')).reason).toBe('meal');
    await hotline.agentIs('1006', 'unreachable');

    // The first in the line is served first, by the agent whose wrap-up ends.
    await wrapper.phone.incoming(30_000);
    await wrapper.phone.answer();
    const waitedMs = Date.now() - queuedAt;
    await hotline.callIs(waits, 'talking');
    await hotline.callIs(menu, 'waiting');
    menu.hangUp();
    await menu.ended();
    const next = await hotline.phones.dial('10050', { from: '13900000007' });
    await next.answered();
    await next.press('0');
    await free.incoming(15_000);
    await free.answer();
    expect([notReady, signedOut, away].map(({ ringCount }) => ringCount)).toEqual([0, 0, 0]);
    await away.register();
    await hotline.agentIs('1006', 'available', 10_000);

    for (const call of [holder.call, talker.call, rings.call, waits, next]) call.hangUp();
    for (const call of [holder.call, talker.call, rings.call, waits, next])
      expect((await call.ended()).endedBy).toBe('caller');
    const recordOf = async (call: SippCall) =>
      (await hotline.ledger.historyOf(call.sipCallId, wrapUpSeconds * 1_000 + 20_000)).record;
    expect(Math.abs((await recordOf(holder.call)).hold_ms - heldMs)).toBeLessThan(2_000);
    expect(await recordOf(talker.call)).toMatchObject({ outcome: 'answered', agent: '1002', hold_ms: 0 });
    expect(await recordOf(rings.call)).toMatchObject({ outcome: 'answered', agent: '1004' });
    expect(await recordOf(menu)).toMatchObject({ outcome: 'abandoned_in_queue', release_party: 'caller' });
    const waited = await recordOf(waits);
    expect(waited).toMatchObject({ outcome: 'answered', agent: '1003', degraded: false });
    expect(Math.abs(waited.wait_ms - waitedMs)).toBeLessThan(3_000);
    expect((await recordOf(wrapper.call)).wrap_up_ms).toBe(wrapUpSeconds * 1_000);
    expect(rings.phone.ringCount).toBe(1);
    for (const agent of ['1001', '1002', '1003', '1004', '1006', '1008'])
      await hotline.ledger.statesOf(agent, since);
  }, 240_000);

  test('in mid-sentence: an announcement, a last word, and agents who have dialled *11, *12 and *10', async () => {
    makePromptsLast(hotline.instance, saidForSeconds, [
      ...Object.values(featureCodes).map(({ confirmation }) => confirmation),
      'number-not-in-service',
      'welcome-95598',
    ]);
    const dialled = { '*11': '1001', '*12': '1002', '*10': '1003' } as const;
    const phones = new Map<string, SipPhone>();
    for (const id of Object.values(dialled)) phones.set(id, await hotline.phones.phone(hotline.account(id)));
    await hotline.makeAvailable('1002');
    await hotline.makeAvailable('1003');
    const wrongNumber = await hotline.phones.dial('12345', { from: '13900000011' });
    const codes = Object.entries(dialled).map(([code, id]) => phones.get(id)?.dial(code));
    const greeted = await hotline.phones.dial('95598', { from: '13900000012' });
    await Promise.all([wrongNumber.answered(), greeted.answered(), ...codes]);
    await hotline.callIs(greeted, 'ivr');
    await hotline.callIs(wrongNumber, 'closing');

    await killIn('in mid-sentence');

    expect((await wrongNumber.ended(30_000)).endedBy).toBe('callee');
    await Promise.all([...phones.values()].map((phone) => phone.idle(20_000)));
    await hotline.agentIs('1001', 'available', 10_000);
    await hotline.agentIs('1002', 'not-ready');
    await hotline.agentIs('1003', 'signed-out');
    await listens(greeted);
    await greeted.press('0');
    await phones.get('1001')?.incoming(15_000);
    await phones.get('1001')?.answer();
    await hotline.callIs(greeted, 'talking');
    greeted.hangUp();
    await greeted.ended();
    expect((await hotline.ledger.historyOf(wrongNumber.sipCallId)).record).toMatchObject({
      outcome: 'failed',
    });
    await hotline.agentIs('1001', 'available', wrapUpSeconds * 1_000 + 10_000);
  }, 180_000);

  test('goodbye: a caller who waited too long, at the last node of the flow', async () => {
    makePromptsLast(hotline.instance, saidForSeconds, ['goodbye']);
    const call = await hotline.greeted({ from: '13900000021' });
    await call.press('0');
    const atGoodbye = async () => (await nodesOf(call)).at(-1) === 'goodbye';
    await until('the last node', atGoodbye, { withinMs: 90_000, everyMs: 50 });

    await killIn('goodbye');

    expect((await call.ended(30_000)).endedBy).toBe('callee');
    const { record, visits } = await hotline.ledger.historyOf(call.sipCallId, 15_000);
    expect(record).toMatchObject({ outcome: 'failed', release_party: 'system' });
    expect(visits).toMatchObject([{ outcome: 'flow_out', flow_out_reason: 'max-wait' }]);
  }, 180_000);

  /** Kills the controller, proves that it was in all states of the scene, and waits until another one serves calls. */
  async function killIn(scene: Scene, meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    const { world, pid } = await killAndRead(hotline.instance);
    const there = statesIn(world, smallFlows);
    expect(
      statesOf(scene).filter((name: StateName) => !there.has(name)),
      'states it was not killed in',
    ).toEqual([]);
    await meanwhile();
    await anotherServes(hotline.instance, pid);
  }

  async function ringing(agent: string, from: string, toneHz: number) {
    const phone = await hotline.ready(agent, { toneHz: toneHz + 300 });
    const call = await hotline.waiting({ from, toneHz });
    await phone.incoming(10_000);
    return { phone, call };
  }

  async function inConversation(agent: string, from: string, callerHz: number, agentHz: number) {
    const phone = await hotline.ready(agent, { toneHz: agentHz });
    const call = await hotline.waiting({ from, toneHz: callerHz });
    await phone.incoming(10_000);
    await phone.answer();
    await phone.hears(callerHz);
    return { phone, call };
  }

  /** Waits until the menu that the caller is in listens, and will for a while: its prompt has ended. */
  async function listens(call: SippCall, withinMs = 60_000): Promise<void> {
    const listening = async () => {
      const [row] = await hotline.instance.query<{ listens: boolean }>(
        `select coalesce((payload ->> 'listenUntil')::numeric > extract(epoch from now()) * 1000 + 1500, false) as listens from call_event e join call_record r using (call_id)
          where sip_call_id = $1 and type in ('PromptFinished', 'PromptStarted', 'FlowNodeEntered', 'MenuAttemptFailed') order by seq desc limit 1`,
        [call.sipCallId],
      );
      return row?.listens === true;
    };
    await until('the menu to listen', listening, { withinMs, everyMs: 50 });
  }

  async function nodesOf(call: SippCall): Promise<string[]> {
    const rows = await hotline.instance.query<{ node: string }>(
      `select payload ->> 'node' as node from call_event e join call_record r using (call_id)
        where sip_call_id = $1 and type = 'FlowNodeEntered' order by seq`,
      [call.sipCallId],
    );
    return rows.map(({ node }) => node);
  }
});
