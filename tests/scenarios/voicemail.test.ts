import { describe, expect, test } from 'vitest';
import type { LegId } from '../../services/events/ids.ts';
import { flowOf, flowsOf } from '../support/flow-of.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const flows = flowsOf(
  flowOf({
    message: {
      kind: 'voicemail',
      prompts: ['leave-a-message'],
      queue: 'power-service',
      maxSeconds: 60,
      silenceSeconds: 5,
      next: 'thanks',
      onFailure: 'sorry',
    },
    thanks: { kind: 'announce', prompts: ['message-taken'], next: 'goodbye' },
    sorry: { kind: 'announce', prompts: ['no-message'], next: 'goodbye' },
    goodbye: { kind: 'hang-up', prompts: ['goodbye'], outcome: 'closed' },
  }),
);

/** Calls, and hears all up to the beep. */
function speaking(hotline: SimulatedHotline): LegId {
  const leg = hotline.call();
  hotline.until(() => hotline.of(leg, 'VoicemailStarted').length > 0, 'the recorder');
  return leg;
}
const nodes = (hotline: SimulatedHotline, leg: LegId) =>
  hotline.of(leg, 'FlowNodeEntered').map(({ node }) => node);
const nothingLeft = (hotline: SimulatedHotline) => {
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(hotline.bugs).toEqual([]);
};

describe('a caller leaves a message', () => {
  test('it is kept under the call, which is recorded as voicemail, and somebody is to see to it', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 8_000 } });
    const leg = speaking(hotline);
    hotline.untilEnded(leg);
    expect(nodes(hotline, leg)).toEqual(['message', 'thanks', 'goodbye']);
    const [ended] = hotline.of(leg, 'VoicemailEnded');
    expect(ended).toMatchObject({ result: 'kept', queue: 'power-service' });
    // Eight seconds of speech, and the silence by which it was found to be over.
    expect(ended?.durationMs).toBeGreaterThanOrEqual(13_000);
    expect(hotline.record(leg)).toMatchObject({
      outcome: 'voicemail',
      recording: ended?.recordingId,
      releaseParty: 'system',
    });
    expect(hotline.of(leg, 'TaskOpened')).toMatchObject([
      { kind: 'voicemail', queue: 'power-service', hotline: '95598', number: '13800138000' },
    ]);
    nothingLeft(hotline);
  });

  test('# ends it; other keys mean nothing while the recorder runs', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 60_000 } });
    const leg = speaking(hotline);
    hotline.pass(2_000);
    hotline.telephony.callerPresses(leg, '0');
    hotline.pass(2_000);
    hotline.telephony.callerPresses(leg, '#');
    hotline.until(() => hotline.of(leg, 'VoicemailEnded').length > 0, 'its end', 1_000);
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'DigitPressed')).toMatchObject([{ digit: '0', result: 'ignored' }]);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'voicemail' });
    nothingLeft(hotline);
  });

  test('nothing said: the caller hears so, nobody has to listen, and the call is recorded as what it was', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 300 } });
    const leg = speaking(hotline);
    hotline.untilEnded(leg);
    expect(nodes(hotline, leg)).toEqual(['message', 'sorry', 'goodbye']);
    expect(hotline.of(leg, 'VoicemailEnded')).toMatchObject([{ result: 'empty' }]);
    expect(hotline.of(leg, 'TaskOpened')).toEqual([]);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'closed', recording: null });
  });

  test('it cannot be recorded: the caller hears so', () => {
    const hotline = simulateHotline({ flows, fake: { mayRecord: () => false } });
    const leg = hotline.call();
    hotline.untilEnded(leg);
    expect(nodes(hotline, leg)).toEqual(['message', 'sorry', 'goodbye']);
    expect(hotline.of(leg, 'VoicemailEnded')).toMatchObject([{ result: 'failed' }]);
    expect(hotline.of(leg, 'OrderFailed')).toMatchObject([{ order: 'record' }]);
  });

  test('a caller who hangs up while speaking has left the message', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 60_000 } });
    const leg = speaking(hotline);
    hotline.pass(7_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'VoicemailEnded')).toMatchObject([{ result: 'kept' }]);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'voicemail', releaseParty: 'caller' });
    expect(nodes(hotline, leg)).toEqual(['message']);
    expect(hotline.of(leg, 'TaskOpened')).toHaveLength(1);
    nothingLeft(hotline);
  });
});

describe('the controller is killed while a caller speaks to the recorder', () => {
  const killed = (hotline: SimulatedHotline, meanwhile: () => void = () => undefined) => {
    hotline.killController();
    hotline.pass(1_000);
    meanwhile();
    hotline.pass(2_000);
    hotline.startController();
  };

  test('the recorder goes on, and the caller is thanked', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 20_000 } });
    const leg = speaking(hotline);
    hotline.pass(5_000);
    killed(hotline);
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'VoicemailStarted')).toHaveLength(1);
    expect(nodes(hotline, leg)).toEqual(['message', 'thanks', 'goodbye']);
    expect(hotline.of(leg, 'VoicemailEnded')[0]?.durationMs).toBeGreaterThan(20_000);
    nothingLeft(hotline);
  });

  test('the caller comes to an end meanwhile: what was said is kept, and the caller goes on', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 60_000 } });
    const leg = speaking(hotline);
    hotline.pass(5_000);
    killed(hotline, () => hotline.telephony.callerPresses(leg, '#'));
    hotline.untilEnded(leg);
    expect(nodes(hotline, leg)).toEqual(['message', 'thanks', 'goodbye']);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'voicemail' });
    nothingLeft(hotline);
  });

  test('the caller hangs up meanwhile: the message is there, and somebody is to see to it', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 60_000 } });
    const leg = speaking(hotline);
    hotline.pass(5_000);
    killed(hotline, () => hotline.telephony.callerHangsUp(leg));
    hotline.untilEnded(leg);
    const [ended] = hotline.of(leg, 'VoicemailEnded');
    expect(ended).toMatchObject({ result: 'kept' });
    expect(hotline.telephony.kept().map(({ recordingId }) => recordingId)).toEqual([ended?.recordingId]);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'voicemail', recording: ended?.recordingId });
    expect(hotline.of(leg, 'TaskOpened')).toHaveLength(1);
    nothingLeft(hotline);
  });

  test('the order to record was never sent: the caller is asked to speak once more', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 6_000 } });
    const leg = hotline.call();
    hotline.until(() => hotline.of(leg, 'PromptStarted').length > 0, 'the prompt');
    hotline.muzzle(true);
    hotline.until(() => hotline.of(leg, 'VoicemailStarted').length > 0, 'the recorder');
    killed(hotline);
    hotline.untilEnded(leg);
    expect(nodes(hotline, leg)).toEqual(['message', 'message', 'thanks', 'goodbye']);
    expect(hotline.of(leg, 'VoicemailEnded').map(({ result }) => result)).toEqual(['failed', 'kept']);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'voicemail' });
    nothingLeft(hotline);
  });

  test('Asterisk dies: the call ends, and what it had written is for somebody to look for', () => {
    const hotline = simulateHotline({ flows, fake: { speaksMs: () => 60_000 } });
    const leg = speaking(hotline);
    hotline.pass(5_000);
    hotline.telephony.restarts();
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'VoicemailEnded')).toMatchObject([{ result: 'kept' }]);
    nothingLeft(hotline);
  });
});
