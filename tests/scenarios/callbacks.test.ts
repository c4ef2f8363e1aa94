import { describe, expect, test } from 'vitest';
import type { Centre } from '../../services/calls/centre.ts';
import { asId, type LegId } from '../../services/events/ids.ts';
import { flowOf, flowsOf } from '../support/flow-of.ts';
import { brokenInvariants, unmatchedEvents } from '../support/invariants.ts';
import { demoCentre, type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const customer = '13800138000';
const queue = asId<never>('power-service');

const flows = flowsOf(
  flowOf({
    wait: {
      kind: 'enqueue',
      queue: 'power-service',
      prompts: ['queue-enter'],
      keys: { 1: 'promise' },
      onTimeout: 'sorry',
      onFull: 'sorry',
    },
    promise: {
      kind: 'offer-callback',
      queue: 'power-service',
      prompts: ['we-call-back'],
      next: 'goodbye',
      onFailure: 'sorry',
    },
    sorry: { kind: 'announce', prompts: ['cannot'], next: 'goodbye' },
    goodbye: { kind: 'hang-up', prompts: ['goodbye'] },
  }),
);

function centreWith(callbacks: Partial<ReturnType<typeof rulesIn>>): Centre {
  const queues = new Map(demoCentre.queues);
  const power = queues.get(queue);
  if (!power) throw new Error('no such queue');
  queues.set(queue, { ...power, callbacks: { ...power.callbacks, ...callbacks } });
  return { ...demoCentre, queues };
}
const rulesIn = (centre: Centre) => {
  const rules = centre.queues.get(queue)?.callbacks;
  if (!rules) throw new Error('no such queue');
  return rules;
};
const hotlineWith = (callbacks: Partial<ReturnType<typeof rulesIn>> = {}) =>
  simulateHotline({ flows, centre: centreWith(callbacks) });

/** Calls, waits, and asks to be called back. */
function promised(hotline: SimulatedHotline, from = customer, waitMs = 20_000): LegId {
  const leg = hotline.call('95598', from);
  hotline.until(() => hotline.stage(leg) === 'waiting', 'waits');
  hotline.pass(waitMs);
  hotline.telephony.callerPresses(leg, '1');
  hotline.untilEnded(leg);
  return leg;
}
const ended = (hotline: SimulatedHotline) => hotline.of(null, 'CallbackEnded').map(({ result }) => result);
const attempts = (hotline: SimulatedHotline) =>
  hotline.of(null, 'CallbackAttemptEnded').map(({ result }) => result);
const talkWithCustomer = (hotline: SimulatedHotline, number = customer) => {
  const leg = hotline.telephony.outsideLeg(number);
  return leg !== null && hotline.telephony.hears(leg).with.length === 1;
};
function allIsWell(hotline: SimulatedHotline): void {
  const { world, today } = hotline.engine.state;
  expect(brokenInvariants(world, today)).toEqual([]);
  expect(hotline.bugs).toEqual([]);
}
function nothingLeft(hotline: SimulatedHotline): void {
  hotline.until(() => hotline.engine.state.world.calls.size === 0, 'every call is over', 3_600_000);
  hotline.pass(30_000);
  allIsWell(hotline);
  expect(unmatchedEvents(hotline.events)).toEqual([]);
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
}

describe('a callback, first the agent', () => {
  test('the caller who asked for it is called when an agent has answered, and both talk', () => {
    const hotline = hotlineWith();
    const asked = promised(hotline);
    expect(hotline.record(asked)).toMatchObject({ outcome: 'callback_requested', queue: 'power-service' });
    expect(hotline.of(asked, 'VisitEnded')).toMatchObject([
      { outcome: 'flow_out', flowOutReason: 'caller-chose' },
    ]);
    hotline.telephony.outside(customer, { answerAfterMs: 4_000, hangUpAfterMs: 60_000 });
    const phone = hotline.signIn('1001', { answerAfterMs: 1_000 });
    hotline.until(() => hotline.of(null, 'CustomerCallRequested').length > 0, 'the agent answers');
    expect(hotline.agent('1001')).toBe('on-call');
    // The agent is told what it is about before anybody speaks.
    const agentLeg = phone.leg();
    hotline.pass(100);
    expect(agentLeg && hotline.telephony.hears(agentLeg).playing).toHaveLength(1);
    hotline.until(() => talkWithCustomer(hotline), 'both talk');
    hotline.until(() => hotline.agent('1001') === 'available', 'all done', 200_000);
    const [started] = hotline.of(null, 'CallbackStarted');
    expect(hotline.record(asId<LegId>(started?.callId ?? ''))).toMatchObject({
      callerNumber: customer,
      dialledNumber: '95598',
      hotline: '95598',
      source: 'callback',
      outcome: 'answered',
      agent: '1001',
      queue: 'power-service',
      releaseParty: 'caller',
    });
    expect(ended(hotline)).toEqual(['served']);
    expect(hotline.of(null, 'AgentRingRequested')).toMatchObject([
      { callerNumber: customer, callerLegId: null },
    ]);
    nothingLeft(hotline);
  });

  test('counted apart: offered once, answered by nobody; the conversation is the agent’s all the same', () => {
    const hotline = hotlineWith();
    promised(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 1_000, hangUpAfterMs: 60_000 });
    hotline.signIn('1001', { answerAfterMs: 1_000 });
    hotline.until(() => ended(hotline).length > 0, 'called back');
    hotline.until(() => hotline.agent('1001') === 'available', 'all done', 200_000);
    const counts = hotline.engine.state.today.queues[queue];
    expect(counts).toMatchObject({ offered: 1, answered: 0, flowOut: 1, handled: 1, wrappedUp: 1 });
    expect(hotline.visits(asId<LegId>(hotline.of(null, 'CallbackStarted')[0]?.callId ?? ''))).toEqual([]);
  });

  test('keeps the place: whoever came later is served later, whoever came before is served before', () => {
    const hotline = hotlineWith();
    const first = hotline.call('95598', '13800000001');
    hotline.until(() => hotline.stage(first) === 'waiting', 'waits');
    hotline.pass(5_000);
    promised(hotline);
    const last = hotline.call('95598', '13800000003');
    hotline.until(() => hotline.stage(last) === 'waiting', 'waits');
    expect(hotline.of(last, 'CallQueued')).toMatchObject([{ position: 3 }]);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.untilEnded(last);
    expect(
      hotline.of(null, 'CallConnected').map(({ callId }) => hotline.record(asId<LegId>(callId)).callerNumber),
    ).toEqual(['13800000001', customer, '13800000003']);
    nothingLeft(hotline);
  });

  test('nobody is called back while still talking to us', () => {
    const hotline = hotlineWith();
    const leg = hotline.call();
    hotline.until(() => hotline.stage(leg) === 'waiting', 'waits');
    hotline.telephony.callerPresses(leg, '1');
    hotline.until(() => hotline.of(leg, 'CallbackRequested').length > 0, 'promised');
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.pass(500);
    expect(hotline.of(null, 'CallbackStarted')).toEqual([]);
    hotline.untilEnded(leg);
    hotline.until(() => hotline.of(null, 'CallbackStarted').length > 0, 'then');
  });

  test('not reached: the agent is free at once, and it is tried again later, then given to a person', () => {
    const hotline = hotlineWith({ attempts: 3, everyMs: 300_000 });
    const asked = promised(hotline);
    hotline.telephony.outside(customer, { silent: true });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => attempts(hotline).length === 1, 'not reached');
    hotline.until(() => hotline.agent('1001') === 'available', 'free', 2_000);
    const triedAt = hotline.time.now();
    hotline.until(() => hotline.of(null, 'CallbackStarted').length === 2, 'tried again', 400_000);
    expect(hotline.time.now() - triedAt).toBeGreaterThan(250_000);
    hotline.telephony.outside(customer, { declineAfterMs: 500, as: 'busy' });
    hotline.until(() => ended(hotline).length > 0, 'given up', 1_000_000);
    expect(attempts(hotline)).toEqual(['no-answer', 'busy', 'busy']);
    expect(ended(hotline)).toEqual(['given-up']);
    expect(hotline.of(null, 'TaskOpened')).toMatchObject([
      { kind: 'callback-failed', callId: asked, number: customer, queue: 'power-service' },
    ]);
    hotline.until(() => hotline.agent('1001') === 'available', 'free', 2_000);
    // An agent who was rung for a customer who did not answer has nothing to wrap up.
    expect(hotline.of(null, 'WrapUpEnded')).toEqual([]);
    nothingLeft(hotline);
  });

  test('an agent who does not answer costs the customer nothing: the next one is rung', () => {
    const hotline = hotlineWith();
    promised(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.signIn('1001', { silent: true });
    hotline.signIn('1002', { answerAfterMs: 500 });
    hotline.until(() => ended(hotline).length > 0, 'served');
    expect(attempts(hotline)).toEqual(['agent-missed', 'served']);
    expect(hotline.of(null, 'CallbackAttemptEnded').map(({ attempts: counted }) => counted)).toEqual([0, 1]);
    expect(hotline.of(null, 'CallConnected')).toMatchObject([{ agent: '1002' }]);
    nothingLeft(hotline);
  });

  test('an agent who hangs up before the customer answers: the phone there stops, and it is tried again', () => {
    const hotline = hotlineWith();
    promised(hotline);
    hotline.telephony.outside(customer, { silent: true });
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => hotline.telephony.outsideLeg(customer) !== null, 'the customer is called');
    hotline.pass(1_000);
    phone.hangsUp();
    hotline.until(() => attempts(hotline).length === 1, 'broken off');
    expect(attempts(hotline)).toEqual(['agent-lost']);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.until(() => ended(hotline).length > 0, 'served');
    nothingLeft(hotline);
  });
});

test('the agent is lost when the centre has no such queue any more: the customer is not left with music for hours', () => {
  const hotline = hotlineWith();
  promised(hotline);
  hotline.telephony.outside(customer, { answerAfterMs: 1_000 });
  const phone = hotline.signIn('1001', { answerAfterMs: 500 });
  hotline.until(() => talkWithCustomer(hotline), 'both talk');
  hotline.killController();
  const queues = new Map(hotline.centre.queues);
  queues.delete(queue);
  hotline.centreBecomes({ ...hotline.centre, queues });
  hotline.startController();
  hotline.pass(1_000);
  phone.vanishes();
  hotline.pass(60_000);
  expect(hotline.engine.state.world.calls.size).toBe(0);
  allIsWell(hotline);
});

describe('a callback, first the customer', () => {
  test('is called when an agent is free, and is then first in line', () => {
    const hotline = hotlineWith({ first: 'caller' });
    promised(hotline);
    hotline.pass(30_000);
    expect(hotline.of(null, 'CallbackStarted')).toEqual([]);
    hotline.telephony.outside(customer, { answerAfterMs: 4_000, hangUpAfterMs: 60_000 });
    hotline.signIn('1001', { answerAfterMs: 1_000 });
    hotline.until(() => hotline.of(null, 'CallQueued').length === 2, 'the customer answers');
    expect(hotline.agent('1001')).toBe('ringing');
    expect(hotline.of(null, 'CallQueued')[1]).toMatchObject({ position: 1, queue: 'power-service' });
    hotline.until(() => talkWithCustomer(hotline), 'both talk');
    hotline.until(() => hotline.agent('1001') === 'available', 'all done', 200_000);
    const counts = hotline.engine.state.today.queues[queue];
    expect(counts).toMatchObject({ offered: 1, answered: 0, flowOut: 1, handled: 1, wrappedUp: 1 });
    expect(ended(hotline)).toEqual(['served']);
    // The wait is in the record of the call in which it was promised.
    expect(hotline.record(asId<LegId>(hotline.of(null, 'CallbackStarted')[0]?.callId ?? '')).waitMs).toBe(0);
    nothingLeft(hotline);
  });

  test('no more customers are called than agents are free', () => {
    const hotline = hotlineWith({ first: 'caller' });
    for (const number of ['13800000001', '13800000002', '13800000003']) {
      promised(hotline, number, 1_000);
      hotline.telephony.outside(number, { silent: true });
    }
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.pass(10_000);
    expect(hotline.of(null, 'CallbackStarted')).toHaveLength(1);
    hotline.signIn('1002', { answerAfterMs: 500 });
    hotline.pass(10_000);
    expect(hotline.of(null, 'CallbackStarted')).toHaveLength(2);
    allIsWell(hotline);
  });

  test('is not hung up on by an overflow that offers what only a flow could', () => {
    const voicemail = { kind: 'leave', to: { kind: 'voicemail' } } as const;
    const centre = centreWith({ first: 'caller' });
    const power = centre.queues.get(queue);
    if (!power) throw new Error('no such queue');
    const plan = {
      ...power.serving.plan,
      overflow: [{ afterMs: 20_000, fromWaiting: null, does: voicemail }],
    };
    const queues = new Map(centre.queues).set(queue, { ...power, serving: { ...power.serving, plan } });
    const hotline = simulateHotline({ flows, centre: { ...centre, queues } });
    promised(hotline, customer, 5_000);
    hotline.telephony.outside(customer, { answerAfterMs: 10_000 });
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.until(() => hotline.of(null, 'CallbackStarted').length > 0, 'the customer is called');
    hotline.setAgent('1001', { kind: 'not-ready', reason: 'break' });
    hotline.pass(45_000);
    expect(hotline.of(null, 'VisitStepReached').map(({ because }) => because)).toEqual([
      'overflow step 1 after 20 s; who was called back waits on',
    ]);
    hotline.setAgent('1001', { kind: 'ready' });
    hotline.until(() => talkWithCustomer(hotline), 'both talk');
    expect(ended(hotline)).toEqual(['served']);
    nothingLeft(hotline);
  });

  test('a customer who hangs up while waiting for the agent is called again', () => {
    const hotline = hotlineWith({ first: 'caller', everyMs: 60_000 });
    promised(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 2_000 });
    hotline.signIn('1001', { silent: true });
    hotline.until(() => attempts(hotline).length === 1, 'hung up');
    expect(attempts(hotline)).toEqual(['customer-left']);
    hotline.setAgent('1001', { kind: 'ready' });
    hotline.until(() => hotline.of(null, 'CallbackStarted').length === 2, 'again', 200_000);
  });
});

describe('what was promised', () => {
  test('one open callback for a number and queue, at the first place, however often it is asked for', () => {
    const hotline = hotlineWith();
    const [first, second] = [promised(hotline), promised(hotline)];
    expect(hotline.engine.state.world.callbacks.size).toBe(1);
    const [a, b] = hotline.of(null, 'CallbackRequested');
    expect(b).toMatchObject({ callbackId: a?.callbackId, queuedAt: a?.queuedAt });
    for (const leg of [first, second])
      expect(hotline.record(leg)).toMatchObject({ outcome: 'callback_requested' });
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => ended(hotline).length > 0, 'served');
    hotline.pass(600_000);
    expect(hotline.of(null, 'CallbackStarted')).toHaveLength(1);
    nothingLeft(hotline);
  });

  test('is not needed any more when the customer has called in again and was served', () => {
    const hotline = hotlineWith();
    promised(hotline);
    // Whoever was promised a callback, and is in line again before it is their turn.
    const again = hotline.call();
    hotline.until(() => hotline.stage(again) === 'waiting', 'waits');
    hotline.telephony.outside(customer, { declineAfterMs: 500, as: 'busy' });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => hotline.of(again, 'CallConnected').length > 0, 'served', 600_000);
    expect(ended(hotline)).toEqual(['cancelled']);
    hotline.telephony.callerHangsUp(again);
    hotline.pass(600_000);
    expect(hotline.of(null, 'CallbackStarted').length).toBeLessThanOrEqual(1);
    nothingLeft(hotline);
  });

  test.each([
    ['the number is withheld', '', {}],
    ['no pattern lets it be called', '0085212345678', {}],
    ['the queue takes no more', customer, { most: 0 }],
  ])('nothing is promised when %s', (_, from, rules) => {
    const hotline = hotlineWith(rules);
    const leg = promised(hotline, from);
    expect(hotline.of(leg, 'CallbackRequested')).toEqual([]);
    expect(hotline.of(leg, 'FlowNodeEntered').map(({ node }) => node)).toEqual([
      'wait',
      'promise',
      'sorry',
      'goodbye',
    ]);
    expect(hotline.record(leg).outcome).not.toBe('callback_requested');
  });

  test('a lead takes it back, also while it is being made', async () => {
    const hotline = hotlineWith();
    promised(hotline);
    const [id] = hotline.engine.state.world.callbacks.keys();
    const cancel = () =>
      hotline.engine.command({ kind: 'cancel-callback', callbackId: id ?? asId(''), by: 'lead' });
    hotline.telephony.outside(customer, { silent: true });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => hotline.telephony.outsideLeg(customer) !== null, 'the customer is called');
    expect(await cancel()).toEqual({ ok: true });
    expect(await cancel()).toMatchObject({ ok: false, code: 'unknown-callback' });
    hotline.until(() => hotline.agent('1001') === 'available', 'the agent is free');
    expect(ended(hotline)).toEqual(['cancelled']);
    expect(hotline.of(null, 'CallbackEnded')).toMatchObject([{ by: 'lead' }]);
    nothingLeft(hotline);
  });

  test('nobody is called outside the hours of callbacks', () => {
    const hotline = hotlineWith({ hours: 'business-desk' });
    const hours = 3_600_000;
    // 21:00 on a Monday; the desk is open from eight to eight.
    hotline.pass(12 * hours);
    promised(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.pass(10.9 * hours);
    expect(hotline.of(null, 'CallbackStarted')).toEqual([]);
    hotline.until(() => ended(hotline).length > 0, 'called in the morning', hours);
    expect(ended(hotline)).toEqual(['served']);
  });
});

describe('the controller is killed with a callback promised', () => {
  const killed = (hotline: SimulatedHotline, meanwhile: () => void = () => undefined) => {
    hotline.killController();
    hotline.pass(1_000);
    meanwhile();
    hotline.pass(2_000);
    hotline.startController();
    hotline.pass(100);
  };

  test.each(['agent', 'caller'] as const)('before its turn: it is made (first the %s)', (first) => {
    const hotline = hotlineWith({ first });
    promised(hotline);
    killed(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => ended(hotline).length > 0, 'served');
    expect(ended(hotline)).toEqual(['served']);
    nothingLeft(hotline);
  });

  test("while the agent's phone rings: it rings on, and the customer is called", () => {
    const hotline = hotlineWith();
    promised(hotline);
    const phone = hotline.signIn('1001', { silent: true });
    hotline.until(() => phone.leg() !== null, 'rings');
    hotline.pass(500);
    killed(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    phone.answers();
    hotline.until(() => ended(hotline).length > 0, 'served');
    expect(attempts(hotline)).toEqual(['served']);
    nothingLeft(hotline);
  });

  test.each(['agent', 'caller'] as const)(
    'while the customer’s phone rings, and it is answered meanwhile (first the %s)',
    (first) => {
      const hotline = hotlineWith({ first });
      promised(hotline);
      hotline.telephony.outside(customer, { silent: true });
      hotline.signIn('1001', { answerAfterMs: 500 });
      hotline.until(() => hotline.telephony.outsideLeg(customer) !== null, 'the customer is called');
      hotline.pass(500);
      killed(hotline, () => hotline.telephony.outsideAnswers(customer));
      hotline.until(() => talkWithCustomer(hotline), 'both talk');
      expect(attempts(hotline)).toEqual(['served']);
      allIsWell(hotline);
    },
  );

  test('the order to call the customer was never sent: it is tried again', () => {
    const hotline = hotlineWith({ everyMs: 60_000 });
    promised(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    const phone = hotline.signIn('1001', { silent: true });
    hotline.until(() => phone.leg() !== null, 'rings');
    hotline.pass(500);
    phone.behaves({ answerAfterMs: 500 });
    hotline.muzzle(true);
    phone.answers();
    hotline.until(() => hotline.of(null, 'CustomerCallRequested').length > 0, 'decided');
    killed(hotline);
    hotline.until(() => ended(hotline).length > 0, 'served', 300_000);
    expect(ended(hotline)).toEqual(['served']);
    nothingLeft(hotline);
  });

  test('in the conversation: it goes on', () => {
    const hotline = hotlineWith();
    promised(hotline);
    hotline.telephony.outside(customer, { answerAfterMs: 500 });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => talkWithCustomer(hotline), 'both talk');
    killed(hotline);
    expect(talkWithCustomer(hotline)).toBe(true);
    allIsWell(hotline);
  });

  test('Asterisk dies while a customer is called: tried again', () => {
    const hotline = hotlineWith({ everyMs: 60_000 });
    promised(hotline);
    hotline.telephony.outside(customer, { silent: true });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => hotline.telephony.outsideLeg(customer) !== null, 'the customer is called');
    hotline.telephony.restarts();
    hotline.telephony.outside(customer, { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.until(() => ended(hotline).length > 0, 'served', 300_000);
    expect(ended(hotline)).toEqual(['served']);
    nothingLeft(hotline);
  });
});

describe('a customer whom we called back came by no flow', () => {
  /** 1001 speaks with the customer, passes them on to a number where nobody answers, and goes. */
  async function passedOnInVain(): Promise<{ hotline: SimulatedHotline; call: LegId }> {
    const hotline = hotlineWith();
    hotline.telephony.outside(customer, { answerAfterMs: 2_000 });
    promised(hotline);
    hotline.signIn('1001', { answerAfterMs: 1_000 });
    hotline.until(() => talkWithCustomer(hotline), 'they speak');
    const call = asId<LegId>(hotline.of(null, 'CallbackStarted')[0]?.callId ?? '');
    const passed = await hotline.engine.command({
      kind: 'control-call',
      by: '1001',
      control: {
        kind: 'transfer',
        agent: asId('1001'),
        to: { kind: 'outside', number: '13900139000' },
        reason: 'asks for the office',
      },
    });
    expect(passed).toEqual({ ok: true });
    hotline.setAgent('1001', { kind: 'signed-out' });
    hotline.until(() => hotline.of(call, 'PassOnEnded').length > 0, 'nobody answers there');
    return { hotline, call };
  }

  test('passed on in vain, and the agent is gone: they wait for the next one rather than being cut off', async () => {
    const { hotline, call } = await passedOnInVain();
    allIsWell(hotline);
    expect(hotline.stage(call)).toBe('waiting');
    hotline.signIn('1002', { answerAfterMs: 1_000, hangUpAfterMs: 5_000 });
    nothingLeft(hotline);
    expect(hotline.of(call, 'CallConnected').map(({ agent }) => agent)).toEqual(['1001', '1002']);
    expect(hotline.of(call, 'PassOnEnded')).toMatchObject([{ result: 'no-answer' }]);
    expect(unmatchedEvents(hotline.events)).toEqual([]);
  });

  test('nobody comes for too long: the call ends, and is in no queue any more', async () => {
    const { hotline, call } = await passedOnInVain();
    hotline.until(() => hotline.of(call, 'VisitEnded').length > 0, 'waited too long', 3_600_000);
    allIsWell(hotline);
    expect(hotline.stage(call)).toBe('closing');
    nothingLeft(hotline);
    expect(hotline.record(call)).toMatchObject({ outcome: 'answered', releaseParty: 'system' });
  });
});
