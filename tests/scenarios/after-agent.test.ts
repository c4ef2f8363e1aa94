import { describe, expect, test } from 'vitest';
import { CallerInFlow, everyKindHotline } from '../support/caller-in-flow.ts';

const hotlineWith = (hangUpAfterMs?: number) => {
  const hotline = everyKindHotline();
  const behaviour = { answerAfterMs: 500, ...(hangUpAfterMs !== undefined && { hangUpAfterMs }) };
  const phone = hotline.signIn('1001', behaviour);
  const caller = new CallerInFlow(hotline);
  caller.hearsOut('main-menu');
  caller.presses('0');
  hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
  return { hotline, caller, phone };
};

describe('after the agent', () => {
  test('who hung up first: the caller is asked, scores, and is let go; the conversation was over before that', () => {
    const { hotline, caller } = hotlineWith(30_000);
    caller.isAt('survey');
    expect(hotline.agent('1001')).toBe('wrapping-up');
    hotline.pass(1_000);
    caller.presses('1');
    const record = caller.record();
    expect(record).toMatchObject({
      outcome: 'answered',
      releaseParty: 'agent',
      agent: '1001',
      queue: 'power-service',
      surveyScore: 5,
    });
    expect(record.talkMs).toBeGreaterThan(29_000);
    expect(record.talkMs).toBeLessThan(30_500);
    expect(hotline.of(caller.leg, 'SurveyAnswered')).toMatchObject([
      { hotline: '95598', queue: 'power-service', agent: '1001', score: 5 },
    ]);
    expect(hotline.of(null, 'TaskOpened')).toEqual([]);
    hotline.until(() => hotline.agent('1001') === 'available', 'wrapped up');
    expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
    expect(hotline.engine.state.world.calls.size).toBe(0);
    expect(hotline.bugs).toEqual([]);
  });

  test('a dissatisfied caller: a task for a person', () => {
    const { hotline, caller } = hotlineWith(5_000);
    caller.hearsOut('survey');
    caller.presses('5');
    expect(caller.record().surveyScore).toBe(1);
    expect(hotline.of(null, 'TaskOpened')).toMatchObject([
      {
        kind: 'dissatisfied',
        hotline: '95598',
        queue: 'power-service',
        agent: '1001',
        number: '13800138000',
        because: 'score 1',
      },
    ]);
  });

  test('the caller hangs up first: nothing is asked', () => {
    const { hotline, caller } = hotlineWith();
    hotline.pass(10_000);
    caller.hangsUp();
    expect(caller.record()).toMatchObject({
      outcome: 'answered',
      releaseParty: 'caller',
      surveyScore: null,
    });
    expect(caller.path()).not.toContain('survey');
  });

  test('the caller hangs up in the survey: answered, and released by the agent, who hung up first', () => {
    const { caller } = hotlineWith(5_000);
    caller.isAt('survey');
    caller.hangsUp();
    expect(caller.record()).toMatchObject({
      outcome: 'answered',
      releaseParty: 'agent',
      surveyScore: null,
    });
  });

  test('silence and wrong keys lead to a goodbye; * says the survey again, for there is no way back to before the agent', () => {
    const { hotline, caller } = hotlineWith(5_000);
    caller.hearsOut('survey');
    caller.presses('*');
    expect(caller.path().slice(-2)).toEqual(['survey', 'survey']);
    caller.presses('8');
    expect(caller.record()).toMatchObject({ outcome: 'answered', surveyScore: null });
    expect(hotline.of(caller.leg, 'MenuAttemptFailed').map(({ because }) => because)).toEqual([
      'invalid-key',
      'no-input',
    ]);
    expect(caller.path().at(-1)).toBe('goodbye');
  });

  test('0 in the survey is another person; one vote per contact: afterwards nobody is asked again', () => {
    const { hotline, caller } = hotlineWith(5_000);
    caller.hearsOut('survey');
    caller.presses('0');
    hotline.until(() => hotline.of(caller.leg, 'CallConnected').length === 2, 'another conversation');
    hotline.until(() => caller.path().filter((node) => node === 'survey').length === 2, 'asked');
    caller.presses('2');
    expect(caller.record()).toMatchObject({ outcome: 'answered', surveyScore: 4 });
  });

  test('the controller is killed in the survey, and while the agent hangs up', () => {
    const { hotline, caller } = hotlineWith(5_000);
    caller.hearsOut('survey');
    hotline.killController();
    hotline.pass(2_000);
    hotline.startController();
    caller.hearsOut('survey');
    caller.presses('1');
    expect(caller.record()).toMatchObject({ outcome: 'answered', releaseParty: 'agent', surveyScore: 5 });

    const other = hotlineWith();
    other.hotline.killController();
    other.phone.hangsUp();
    other.hotline.pass(2_000);
    other.hotline.startController();
    other.hotline.pass(10_000);
    other.caller.hangsUp();
    expect(other.caller.record()).toMatchObject({ outcome: 'answered' });
    expect(other.hotline.bugs).toEqual([]);
    expect(other.hotline.telephony.live().legs).toEqual([]);
  });
});
