import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { CallerInFlow, everyKindHotline } from '../support/caller-in-flow.ts';
import { flowsFolder, flowsOf } from '../support/read-flows.ts';

const bill = { result: 'found', values: { balance: '128.50' } } as const;

describe('digits keyed in', () => {
  test('ended by #: looked up, and said in words that are prompts; the caller is served', () => {
    const hotline = everyKindHotline();
    hotline.lookups.answers('power-bill', bill);
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('2');
    caller.presses('12345#');
    caller.isAt('say-bill');
    expect(hotline.lookups.asked).toEqual([{ lookup: 'power-bill', parameters: { account: '12345' } }]);
    expect(caller.heard().slice(-7).join(' ')).toBe('queue-enter n-100 n-20 n-8 unit-yuan n-5 unit-jiao');
    caller.isAt('after-bill');
    caller.hangsUp();
    expect(caller.record()).toMatchObject({ outcome: 'self_served', releaseParty: 'caller' });
    expect(hotline.of(caller.leg, 'FlowValuesSet').map(({ values }) => values)).toEqual([
      { account: '12345' },
      // All that the lookup declares; what its source did not tell is ''.
      {
        ...{ balance: '128.50', arrears: '', billAmount: '', billKwh: '', billMonth: '' },
        ...{ dueDate: '', paid: '', standing: '' },
      },
    ]);
    expect(hotline.bugs).toEqual([]);
  });

  test('ended by a pause, or by the last possible digit', () => {
    const hotline = everyKindHotline();
    hotline.lookups.answers('power-bill', bill);
    for (const keys of ['1234', '1234567890']) {
      const caller = new CallerInFlow(hotline);
      caller.hearsOut('main-menu');
      caller.presses('2');
      caller.presses(keys);
      if (keys.length === 4) hotline.pass(1_500);
      if (keys.length === 4) expect(caller.call?.node).toBe('ask-account');
      caller.isAt('say-bill');
      caller.hangsUp();
    }
    expect(hotline.lookups.asked.map(({ parameters }) => parameters.account)).toEqual(['1234', '1234567890']);
  });

  test('too short, or against its check: told, and asked again; the third time a person', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('2');
    caller.presses('123#');
    caller.hearsOut('ask-account');
    caller.presses('01234#');
    caller.hearsOut('ask-account');
    caller.presses('#');
    caller.isAt('person');
    expect(hotline.of(caller.leg, 'MenuAttemptFailed').map(({ because }) => because)).toEqual([
      'invalid-entry',
      'invalid-entry',
      'invalid-entry',
    ]);
    expect(hotline.lookups.asked).toEqual([]);
  });

  test('* clears what was keyed in, and goes back when nothing was; a lone 0 is a person, a lone 9 says it again', () => {
    const hotline = everyKindHotline();
    hotline.lookups.answers('power-bill', bill);
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('2');
    caller.presses('99*');
    expect(caller.call?.digits).toBe('');
    caller.presses('9#');
    expect(caller.path().slice(-2)).toEqual(['ask-account', 'ask-account']);
    caller.presses('*');
    caller.isAt('main-menu');
    caller.presses('2');
    caller.presses('0');
    caller.isAt('person');
  });

  test('silence for as long as it listens is an attempt', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('2');
    caller.isAt('person');
    expect(hotline.of(caller.leg, 'MenuAttemptFailed').map(({ because }) => because)).toEqual([
      'no-input',
      'no-input',
      'no-input',
    ]);
  });
});

describe('lookups', () => {
  const asking = (caller: CallerInFlow) => {
    caller.hearsOut('main-menu');
    caller.presses('2');
    caller.presses('12345#');
    caller.isAt('find-bill');
  };

  test('what is said meanwhile is heard out before the answer', () => {
    const hotline = everyKindHotline();
    hotline.lookups.answers('power-bill', bill);
    const caller = new CallerInFlow(hotline);
    asking(caller);
    hotline.until(() => hotline.of(caller.leg, 'LookupEnded').length > 0, 'answered');
    expect(caller.call?.node).toBe('find-bill');
    caller.isAt('say-bill');
    expect(hotline.of(caller.leg, 'PromptFinished').at(-1)?.result).toBe('played');
  });

  test('not found leads where the flow says; a failure and an answer that never comes lead on in time', () => {
    const hotline = everyKindHotline();
    const found = new CallerInFlow(hotline);
    asking(found);
    found.isAt('ask-account');
    for (const answer of [{ result: 'failed' } as const, { result: 'timed-out' } as const, null]) {
      hotline.lookups.answers('power-bill', answer);
      const caller = new CallerInFlow(hotline);
      asking(caller);
      const askedAt = hotline.time.now();
      caller.isAt('person');
      expect(hotline.time.now() - askedAt).toBeLessThan(4_000);
      expect(hotline.of(caller.leg, 'LookupEnded')).toMatchObject([
        { result: answer === null ? 'timed-out' : answer.result },
      ]);
      caller.hangsUp();
    }
  });

  test('a caller who goes back or away meanwhile: the question is over, a late answer changes nothing', () => {
    const hotline = everyKindHotline();
    hotline.lookups.takes(1_500);
    hotline.lookups.answers('power-bill', bill);
    const caller = new CallerInFlow(hotline);
    asking(caller);
    caller.presses('*');
    caller.isAt('ask-account');
    hotline.pass(3_000);
    expect(caller.call).toMatchObject({ node: 'ask-account', values: { account: '12345' } });
    const other = new CallerInFlow(hotline);
    asking(other);
    other.hangsUp();
    hotline.pass(3_000);
    for (const { leg } of [caller, other])
      expect(hotline.of(leg, 'LookupEnded')).toMatchObject([{ result: 'caller-left' }]);
    expect(hotline.bugs).toEqual([]);
  });

  test('the controller is killed meanwhile: asked again, answered, and the caller goes on', () => {
    const hotline = everyKindHotline();
    hotline.lookups.takes(500);
    hotline.lookups.answers('power-bill', bill);
    for (const awayMs of [200, 5_000]) {
      const caller = new CallerInFlow(hotline);
      asking(caller);
      hotline.killController();
      hotline.pass(awayMs);
      hotline.startController();
      caller.isAt('say-bill');
      expect(hotline.of(caller.leg, 'LookupEnded').map(({ result }) => result)).toEqual([
        'asked-again',
        'found',
      ]);
      caller.hangsUp();
    }
  });
});

describe('keys that mean the same everywhere', () => {
  test('* goes back to where the caller was asked before, across flows too; with nothing before, to the start', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('5');
    caller.isAt('other-menu');
    expect(hotline.of(caller.leg, 'FlowNodeEntered').at(-1)).toMatchObject({
      flow: 'other',
      flowVersion: 7,
      trail: [
        { flow: '95598', node: 'main-menu' },
        { flow: 'other', node: 'other-menu' },
      ],
    });
    caller.presses('*');
    caller.isAt('main-menu');
    expect(hotline.of(caller.leg, 'FlowNodeEntered').at(-1)).toMatchObject({ flow: '95598', flowVersion: 1 });
    caller.presses('*');
    caller.isAt('welcome');
    expect(caller.path().slice(-2)).toEqual(['open', 'welcome']);
  });

  test('during an announcement behind a menu, * is that menu, 9 says it again, 0 is a person', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('1');
    caller.isAt('service-info');
    caller.presses('9');
    expect(caller.path().slice(-2)).toEqual(['service-info', 'service-info']);
    caller.presses('*');
    caller.isAt('main-menu');
    caller.presses('1');
    caller.presses('0');
    caller.isAt('person');
    expect(hotline.of(caller.leg, 'CallerSelfServed')).toEqual([]);
  });

  test('9 in a menu says it again, and its attempts begin anew', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('#');
    caller.presses('9');
    expect(caller.call).toMatchObject({ node: 'main-menu', attempts: 0 });
  });

  test('what must be heard is not cut short: keys pressed meanwhile are ignored', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('4');
    caller.isAt('must-hear');
    caller.presses('0*1');
    expect(hotline.of(caller.leg, 'DigitPressed').map(({ result }) => result)).toEqual([
      'accepted',
      'ignored',
      'ignored',
      'ignored',
    ]);
    caller.isAt('main-menu');
    expect(hotline.of(caller.leg, 'PromptFinished').at(-1)?.result).toBe('played');
  });

  test('a digit keyed in before it is asked for is the first of the entry', () => {
    const text = readFileSync(join(flowsFolder('every-kind'), '95598.yaml'), 'utf8');
    const flow = text.replace('serves: true, next: main-menu', 'next: ask-account');
    expect(flow).not.toBe(text);
    const hotline = everyKindHotline({ flows: flowsOf(flow) });
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('1');
    caller.isAt('service-info');
    caller.presses('7654#');
    caller.isAt('find-bill');
    expect(hotline.lookups.asked[0]?.parameters.account).toBe('7654');
  });
});

describe('branches, values and other flows', () => {
  test('language: everything is said in it from there on', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('3');
    hotline.pass(100);
    expect(hotline.of(caller.leg, 'PromptStarted').map(({ language }) => language)).toEqual([
      'zh-CN',
      'zh-CN',
      'en',
    ]);
    expect(caller.call?.values).toEqual({ language: 'en', choice: 'english' });
  });

  test('a flow behind a goto has its own person and version', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    caller.presses('5');
    caller.isAt('other-menu');
    caller.presses('0');
    hotline.until(() => hotline.of(caller.leg, 'CallQueued').length > 0, 'queued');
    expect(hotline.of(caller.leg, 'CallQueued')[0]?.queue).toBe('telecom-service');
    expect(caller.call?.flowVersions).toEqual({ '95598': 1, other: 7 });
  });

  test('closed by a switch from the next caller on: told so, recorded as closed, also when hung up on; opened again', async () => {
    const hotline = everyKindHotline();
    const before = new CallerInFlow(hotline);
    before.hearsOut('main-menu');
    const flip = (on: boolean, name = 'emergency-closed', to = '95598') =>
      hotline.engine.command({ kind: 'set-switch', hotline: asId(to), name, on, by: 'lead' });
    expect(await flip(true)).toEqual({ ok: true });
    expect(await flip(true)).toEqual({ ok: true });
    expect(hotline.of(null, 'SwitchChanged')).toMatchObject([{ hotline: '95598', on: true, by: 'lead' }]);
    expect(await flip(true, 'nonsense')).toMatchObject({ ok: false, code: 'unknown-switch' });
    expect(await flip(true, 'surge', '110')).toMatchObject({ ok: false, code: 'unknown-hotline' });

    const told = new CallerInFlow(hotline);
    expect(told.record()).toMatchObject({ outcome: 'closed', releaseParty: 'system' });
    const impatient = new CallerInFlow(hotline);
    impatient.isAt('closed');
    hotline.pass(200);
    impatient.presses('0');
    impatient.hangsUp();
    expect(impatient.record()).toMatchObject({ outcome: 'closed', releaseParty: 'caller' });
    expect(before.call?.node).toBe('main-menu');

    // A switch is kept over a restart.
    hotline.killController();
    hotline.startController();
    expect(new CallerInFlow(hotline).record().outcome).toBe('closed');
    await flip(false);
    const after = new CallerInFlow(hotline);
    after.hearsOut('main-menu');
    after.hangsUp();
  });

  test('a caller who is refused: blocked', () => {
    const hotline = everyKindHotline();
    const caller = new CallerInFlow(hotline, '13800000666');
    expect(caller.record()).toMatchObject({ outcome: 'blocked', releaseParty: 'system' });
    expect(caller.heard()).toEqual([]);
  });
});
