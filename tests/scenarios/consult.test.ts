import { describe, expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import type { SkillLevel } from '../../services/routing/skills.ts';
import {
  colleague,
  controlledCall,
  outside,
  outsideNumber,
  reason,
  toQueue,
} from '../support/controlled-call.ts';
import { unmatchedEvents } from '../support/invariants.ts';
import { servedCentre } from '../support/served-centre.ts';
import { need } from '../support/small-router.ts';

type Controlled = ReturnType<typeof controlledCall>;

const consult = { kind: 'consult', to: colleague(), reason } as const;

/** 1001 speaks with 1002, and the caller hears music. */
async function inConsultation(): Promise<Controlled> {
  const c = controlledCall();
  await c.does(consult);
  c.hotline.pass(2_000);
  c.colleaguePhone.answers();
  c.hotline.pass(3_000);
  return c;
}

function nothingLeft({ hotline, broken }: Controlled): void {
  hotline.pass(60_000);
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(unmatchedEvents(hotline.events)).toEqual([]);
  expect(broken()).toEqual([]);
  expect(hotline.bugs).toEqual([]);
}

describe('an agent asks a colleague for advice', async () => {
  test('the caller hears music, the agent hears it ring, then both speak', async () => {
    const c = controlledCall();
    await c.does(consult);
    expect(c.hearsMusic(c.caller)).toBe(true);
    expect(c.hotline.agent('1001')).toBe('on-hold');
    expect(c.hotline.agent('1002')).toBe('ringing');
    expect(c.together(c.legOf('1001'), c.legOf('1002'))).toBe(true);
    c.colleaguePhone.answers();
    c.hotline.pass(100);
    expect(c.together(c.legOf('1001'), c.legOf('1002'))).toBe(true);
    expect(c.hearsMusic(c.caller)).toBe(true);
    expect(c.hotline.agent('1002')).toBe('on-call');
    expect(c.call()?.consult).toMatchObject({ party: { agent: '1002' }, speaksWith: 'target', reason });
    expect(c.broken()).toEqual([]);
  });

  test('turns to the caller and back, then all three speak', async () => {
    const c = await inConsultation();
    const [first, second] = [c.legOf('1001'), c.legOf('1002')];
    await c.does({ kind: 'swap' });
    expect([c.together(c.caller, first), c.hearsMusic(second)]).toEqual([true, true]);
    expect(c.hotline.agent('1001')).toBe('on-call');
    await c.does({ kind: 'swap' });
    expect([c.together(first, second), c.hearsMusic(c.caller)]).toEqual([true, true]);
    await c.does({ kind: 'conference' });
    expect(c.together(c.caller, first, second)).toBe(true);
    expect(c.hotline.agent('1001')).toBe('on-call');
    expect(await c.ask({ kind: 'swap' })).toMatchObject({ ok: false, code: 'not-now' });
  });

  test.each(['target', 'caller', 'all'] as const)(
    'leaves the caller with the colleague, while speaking with: %s',
    async (speaksWith) => {
      const c = await inConsultation();
      if (speaksWith === 'caller') await c.does({ kind: 'swap' });
      if (speaksWith === 'all') await c.does({ kind: 'conference' });
      await c.does({ kind: 'complete-transfer' });
      expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
      expect(c.hotline.agent('1001')).toBe('wrapping-up');
      expect(c.results()).toEqual(['completed']);
      c.hotline.pass(20_000);
      c.hotline.telephony.callerHangsUp(c.caller);
      c.hotline.untilEnded(c.caller);
      expect(c.hotline.agent('1002')).toBe('wrapping-up');
      expect(c.hotline.record(c.caller)).toMatchObject({
        outcome: 'answered',
        transfers: 1,
        agent: '1002',
        releaseParty: 'caller',
      });
      expect(c.conversations().map(({ agent }) => agent)).toEqual(['1001', '1002']);
      nothingLeft(c);
    },
  );

  test('the first agent hangs up after the answer: the caller stays with the colleague', async () => {
    const c = await inConsultation();
    c.hotline.telephony.phone('1001').hangsUp();
    c.hotline.pass(100);
    expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
    expect(c.results()).toEqual(['completed']);
  });

  test("the first agent's phone is lost after the answer: the caller stays with the colleague", async () => {
    const c = await inConsultation();
    c.hotline.telephony.phone('1001').vanishes();
    c.hotline.until(() => c.results().length > 0, 'the lost phone is noticed');
    c.hotline.pass(100);
    expect(c.results()).toEqual(['completed']);
    expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
    expect(c.hotline.of(c.caller, 'CallQueued')).toHaveLength(1);
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.untilEnded(c.caller);
    expect(c.hotline.record(c.caller)).toMatchObject({ outcome: 'answered', transfers: 1, agent: '1002' });
    nothingLeft(c);
  });

  test('the first agent hangs up while it rings: the colleague is let be, the caller is first in line', async () => {
    const c = controlledCall();
    await c.does(consult);
    c.hotline.telephony.phone('1001').hangsUp();
    c.hotline.pass(4_000);
    expect(c.results()).toEqual(['agent-left']);
    expect(c.hotline.of(c.caller, 'CallQueued')).toHaveLength(2);
    // Free again: it is 1002 whom the queue rings now.
    c.colleaguePhone.behaves({ answerAfterMs: 500 });
    c.colleaguePhone.answers();
    c.hotline.until(() => c.hotline.agent('1002') === 'on-call', 'the queue finds 1002');
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });

  test.each([
    ['does not answer', () => undefined, 'no-answer'],
    ['declines', (c: Controlled) => c.colleaguePhone.declines(), 'declined'],
  ])('the colleague %s: agent and caller speak again', async (_, happens, result) => {
    const c = controlledCall();
    await c.does(consult);
    happens(c);
    c.hotline.until(() => c.results().length > 0, 'the consultation ends');
    c.hotline.pass(100);
    expect(c.results()).toEqual([result]);
    expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
    expect(c.hotline.agent('1001')).toBe('on-call');
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });

  test.each(['target', 'caller', 'all'] as const)(
    'the colleague hangs up, spoken with: %s',
    async (speaksWith) => {
      const c = await inConsultation();
      if (speaksWith === 'caller') await c.does({ kind: 'swap' });
      if (speaksWith === 'all') await c.does({ kind: 'conference' });
      c.colleaguePhone.hangsUp();
      c.hotline.pass(100);
      expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
      expect(c.results()).toEqual(['target-left']);
      expect(c.hotline.agent('1002')).toBe('wrapping-up');
      c.hotline.telephony.callerHangsUp(c.caller);
      nothingLeft(c);
    },
  );

  test.each([false, true])(
    'ends it: back to the caller (the colleague had answered: %s)',
    async (answered) => {
      const c = answered ? await inConsultation() : controlledCall();
      if (!answered) await c.does(consult);
      await c.does({ kind: 'end-consult' });
      expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
      expect(c.hotline.agent('1002')).toBe(answered ? 'wrapping-up' : 'available');
      c.hotline.telephony.callerHangsUp(c.caller);
      nothingLeft(c);
    },
  );

  test.each([false, true])('the caller leaves: everybody is released (answered: %s)', async (answered) => {
    const c = answered ? await inConsultation() : controlledCall();
    if (!answered) await c.does(consult);
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.untilEnded(c.caller);
    c.hotline.pass(100);
    expect(c.results()).toEqual(['caller-left']);
    expect(c.hotline.agent('1001')).toBe('wrapping-up');
    expect(c.hotline.agent('1002')).toBe(answered ? 'wrapping-up' : 'available');
    nothingLeft(c);
  });

  describe('somebody of a queue', () => {
    const queue = 'power-complaints';
    const own = ['power-service', queue];
    /** 1001 talks with a caller and asks; the others have been free, 1002 the longest. */
    const asking = async (
      serving: Parameters<typeof servedCentre>[0][string],
      others: Parameters<typeof servedCentre>[1],
      before: (hotline: Controlled['hotline']) => void = () => undefined,
    ) => {
      const centre = servedCentre({ [queue]: serving }, { '1001': {}, '1002': { queues: own }, ...others });
      const c = controlledCall({ centre });
      for (const id of Object.keys(others).filter((other) => other !== '1002')) {
        c.hotline.pass(1_000);
        c.hotline.signIn(id, { silent: true });
      }
      before(c.hotline);
      const answer = await c.ask({ kind: 'consult', to: toQueue(queue), reason });
      const asked = c.hotline.of(c.caller, 'ConsultRequested').at(-1)?.party;
      return answer.ok ? asked : answer;
    };

    test('who meets what the queue needs, though another has been idle longer', async () => {
      const skills = { complaints: 3 as const };
      const serving = { needs: [need('complaints', 2)], strategy: 'longest-idle' as const };
      expect(await asking(serving, { '1003': { queues: own, skills } })).toMatchObject({ agent: '1003' });
      const beginner = { queues: own, skills: { complaints: 1 as const } };
      expect(await asking(serving, { '1003': beginner })).toEqual({
        ok: false,
        code: 'target-unavailable',
        message: 'nobody who may serve power-complaints is free',
      });
    });

    test('the best at it, where the queue takes the best', async () => {
      const at = (level: SkillLevel) => ({ queues: own, skills: { complaints: level } });
      expect(await asking({}, { '1003': at(2), '1004': at(5) })).toMatchObject({ agent: '1004' });
    });

    test('nobody of the reserve, until a lead has called it in', async () => {
      const serving = { preferred: null, strategy: 'longest-idle' as const };
      const reserve = { '1002': { queues: own, reserve: true } };
      expect(await asking(serving, reserve)).toMatchObject({ ok: false, code: 'target-unavailable' });
      const calledIn = await asking(serving, reserve, (hotline) => {
        void hotline.engine.command({ kind: 'call-in-reserve', queue: asId(queue), on: true, by: 'lead' });
      });
      expect(calledIn).toMatchObject({ agent: '1002' });
    });
  });

  test('somebody of a queue: whoever has been idle longest; nobody free is said so', async () => {
    const c = controlledCall();
    await c.does({ kind: 'consult', to: toQueue('power-complaints'), reason });
    expect(c.hotline.agent('1002')).toBe('ringing');
    await c.does({ kind: 'end-consult' });
    c.hotline.setAgent('1002', { kind: 'not-ready', reason: 'meal' });
    const again = await c.ask({ kind: 'consult', to: toQueue('power-complaints'), reason });
    expect(again).toMatchObject({ ok: false, code: 'target-unavailable' });
  });

  test('an outside number: asked, then left with the caller; when it hangs up, the call is over', async () => {
    const c = controlledCall();
    c.hotline.telephony.outside(outsideNumber, { answerAfterMs: 2_000 });
    await c.does({ kind: 'consult', to: outside(), reason });
    c.hotline.pass(3_000);
    expect(c.together(c.legOf('1001'), c.outsideLeg())).toBe(true);
    await c.does({ kind: 'conference' });
    expect(c.together(c.legOf('1001'), c.outsideLeg(), c.caller)).toBe(true);
    await c.does({ kind: 'complete-transfer' });
    expect(c.together(c.caller, c.outsideLeg())).toBe(true);
    expect(c.hotline.agent('1001')).toBe('wrapping-up');
    c.hotline.telephony.callerHangsUp(c.outsideLeg());
    c.hotline.untilEnded(c.caller);
    expect(c.hotline.record(c.caller)).toMatchObject({ outcome: 'answered', transfers: 1 });
    nothingLeft(c);
  });
});
