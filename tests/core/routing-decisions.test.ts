import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AgentId, asId, type QueueId } from '../../services/events/ids.ts';
import { nextStepAt, stepAfter, stepOnJoining } from '../../services/routing/serving-plan.ts';
import { certificate, decisions, need, plan, routerOf, s, visit, widen } from '../support/small-router.ts';

const id = (name: string) => asId<AgentId>(name);

describe('which agent is rung', () => {
  test('longest idle: whoever has been without a call the longest', () => {
    const index = routerOf([plan('billing')], {
      '1001': { idle: 30 },
      '1002': { idle: 10 },
      '1003': { idle: 20 },
    });
    index.visitJoined(visit('a', 'billing'), s(40));
    index.visitJoined(visit('b', 'billing', { queuedAt: s(1) }), s(40));
    expect(decisions(index, s(40))).toEqual(['a → 1002: longest idle of 3', 'b → 1003: longest idle of 2']);
  });

  test('fewest calls: whoever has had the fewest in this shift, then the longest idle', () => {
    const index = routerOf([plan('billing', { strategy: 'fewest-calls' })], {
      '1001': { calls: 4, idle: 1 },
      '1002': { calls: 3, idle: 9 },
      '1003': { calls: 3, idle: 5 },
    });
    index.visitJoined(visit('a', 'billing'), s(40));
    index.visitJoined(visit('b', 'billing'), s(40));
    expect(decisions(index, s(40))).toEqual([
      'a → 1003: fewest calls (3) of 3',
      'b → 1002: fewest calls (3) of 2',
    ]);
  });

  test('best skill: the highest level of the skill asked for; too low a level is none', () => {
    const index = routerOf([plan('billing', { strategy: 'best-skill', needs: [need('billing', 2)] })], {
      '1001': { certificates: [certificate('billing', 3)], idle: 1 },
      '1002': { certificates: [certificate('billing', 5)], idle: 9 },
      '1003': { certificates: [certificate('billing', 1)] },
      '1004': { certificates: [certificate('faults', 5)] },
    });
    for (const name of ['a', 'b', 'c']) index.visitJoined(visit(name, 'billing'), s(40));
    expect(decisions(index, s(40))).toEqual([
      'a → 1002: best at billing (5) of 2 with billing≥2',
      'b → 1001: best at billing (3) of 1 with billing≥2',
    ]);
    expect(index.whyWaiting(asId('c'), s(40))).toBe('all 2 with billing≥2 are busy');
  });

  test('round robin: whoever was rung longest ago, those never rung first', () => {
    const index = routerOf([plan('billing', { strategy: 'round-robin' })], {
      '1001': { rung: 30 },
      '1002': { rung: 20 },
      '1003': {},
    });
    for (const name of ['a', 'b', 'c']) index.visitJoined(visit(name, 'billing'), s(40));
    expect(decisions(index, s(40))).toEqual([
      'a → 1003: next in turn of 3',
      'b → 1002: next in turn of 2',
      'c → 1001: next in turn of 1',
    ]);
  });

  test('round robin: of those never rung, the longest idle', () => {
    const index = routerOf([plan('billing', { strategy: 'round-robin' })], {
      '1001': { idle: 9 },
      '1002': { idle: 3 },
    });
    index.visitJoined(visit('a', 'billing'), s(40));
    expect(decisions(index, s(40))).toEqual(['a → 1002: next in turn of 2']);
  });

  test('ring all: everybody who is free, up to the limit, the longest idle first', () => {
    const team = { '1001': { idle: 3 }, '1002': { idle: 1 }, '1003': { idle: 2 } };
    const all = routerOf([plan('small', { strategy: 'ring-all' })], team);
    all.visitJoined(visit('a', 'small'), s(9));
    expect(decisions(all, s(9))).toEqual(['a → 1002, 1003, 1001: rings all of 3']);
    const two = routerOf([plan('small', { strategy: 'ring-all', ringAllLimit: 2 })], team);
    two.visitJoined(visit('a', 'small'), s(9));
    two.visitJoined(visit('b', 'small', { queuedAt: s(1) }), s(9));
    expect(decisions(two, s(9))).toEqual(['a → 1002, 1003: rings all of 3', 'b → 1001: rings all of 1']);
  });

  test('a preferred skill goes first, and is no condition', () => {
    const index = routerOf([plan('billing', { preferred: asId('dialect') })], {
      '1001': { idle: 1 },
      '1002': { idle: 9, certificates: [certificate('dialect', 1)] },
    });
    for (const name of ['a', 'b']) index.visitJoined(visit(name, 'billing'), s(40));
    expect(decisions(index, s(40))).toEqual([
      'a → 1002: longest idle who knows dialect, of 2',
      'b → 1001: longest idle of 1',
    ]);
  });

  test("the caller's own needs come on top of the queue's", () => {
    const index = routerOf([plan('billing', { needs: [need('billing', 2)] })], {
      '1001': { certificates: [certificate('billing', 3)], idle: 1 },
      '1002': { certificates: [certificate('billing', 2), certificate('english', 3)], idle: 9 },
    });
    index.visitJoined(visit('a', 'billing', { needs: [need('english', 3)] }), s(40));
    expect(decisions(index, s(40))).toEqual(['a → 1002: longest idle of 1 with billing≥2, english≥3']);
  });
});

describe('needs of callers that no queue has', () => {
  test('agents who are away do not count as at work', () => {
    const index = routerOf([plan('billing')], { '1001': { certificates: [certificate('english', 3)] } });
    index.agentAway(id('1001'));
    index.visitJoined(visit('a', 'billing', { needs: [need('english', 2)] }), s(1));
    expect(index.whyWaiting(asId('a'), s(1))).toBe('nobody with english≥2 is at work');
    index.agentBusy(id('1001'));
    expect(index.whyWaiting(asId('a'), s(1))).toBe('the only one with english≥2 is busy');
  });

  test('may be hundreds of different ones: each finds its agent', () => {
    const skills = Array.from({ length: 300 }, (_, n) => `skill-${n}`);
    const agents = Object.fromEntries(
      skills.map((skill, n) => [String(1000 + n), { certificates: [certificate(skill, 2)], idle: n }]),
    );
    const index = routerOf([plan('billing')], agents);
    const callers = skills.map((skill, n) =>
      visit(`v${n}`, 'billing', { needs: [need(skill, 1)], queuedAt: s(n) }),
    );
    for (const caller of callers) index.visitJoined(caller, s(400));
    expect(decisions(index, s(400))).toEqual(
      skills.map((skill, n) => `v${n} → ${1000 + n}: longest idle of 1 with ${skill}≥1`),
    );
  });

  test('too many different ones are refused by name, not forgotten', () => {
    const index = routerOf([plan('billing')], {});
    const join = () => {
      for (let n = 0; n < 10_000; n++)
        index.visitJoined(visit(`v${n}`, 'billing', { needs: [need(`skill-${n}`, 1)] }), s(0));
    };
    expect(join).toThrow(/queue billing: more than 8192 different requirements/);
  });
});

describe('the agent who helped this caller last', () => {
  const sticky = plan('billing', { stickyWaitMs: 20_000 });
  const joinAgain = (index: ReturnType<typeof routerOf>) =>
    index.visitJoined(visit('a', 'billing', { lastAgent: id('1003'), queuedAt: s(40) }), s(40));

  test('is taken if free, though others have been idle longer', () => {
    const index = routerOf([sticky], { '1001': { idle: 1 }, '1003': { idle: 9 } });
    joinAgain(index);
    expect(decisions(index, s(40))).toEqual(['a → 1003: last helped this caller']);
  });

  test('is waited for while busy, until the time is over', () => {
    const index = routerOf([sticky], { '1001': { idle: 1 }, '1003': {} });
    index.agentBusy(id('1003'));
    joinAgain(index);
    expect(decisions(index, s(40))).toEqual([]);
    expect(index.whyWaiting(asId('a'), s(41))).toBe('waits for 1003, who last helped this caller');
    index.visitReleased(asId('a'));
    expect(decisions(index, s(60))).toEqual(['a → 1001: longest idle of 1']);
  });

  test('gets the caller on becoming free within the time', () => {
    const index = routerOf([sticky], { '1001': { idle: 1 }, '1003': {} });
    index.agentBusy(id('1003'));
    joinAgain(index);
    index.agentFree(id('1003'), { idleSince: s(50), calls: 1, lastRungAt: s(10) });
    expect(decisions(index, s(50))).toEqual(['a → 1003: last helped this caller']);
  });

  test('is waited for no longer after signing out', () => {
    const index = routerOf([sticky], { '1001': { idle: 1 }, '1003': {} });
    index.agentBusy(id('1003'));
    joinAgain(index);
    index.agentAway(id('1003'));
    expect(decisions(index, s(45))).toEqual(['a → 1001: longest idle of 1']);
  });

  test('is waited for no longer when the overflow asks for a skill they lack', () => {
    const overflow = [widen(10, { needs: [need('patience', 1)] })];
    const index = routerOf([{ ...sticky, overflow }], {
      '1001': { certificates: [certificate('patience', 1)] },
      '1003': {},
    });
    index.agentBusy(id('1003'));
    joinAgain(index);
    index.visitAtStep(asId('a'), { step: 1, because: 'overflow step 1 after 10 s' }, s(50));
    expect(decisions(index, s(50))).toEqual([
      'a → 1001: longest idle of 1 with patience≥1; overflow step 1 after 10 s',
    ]);
  });

  test('does not matter to a queue that does not ask', () => {
    const index = routerOf([plan('billing')], { '1001': { idle: 1 }, '1003': { idle: 9 } });
    joinAgain(index);
    expect(decisions(index, s(40))).toEqual(['a → 1001: longest idle of 2']);
  });
});

describe('overflow', () => {
  const billing = plan('billing', {
    needs: [need('billing', 3)],
    overflow: [
      widen(60, { needs: [need('billing', 1)] }),
      widen(120, { alsoQueues: [asId<QueueId>('faults')] }, 30),
      widen(180, { reserve: true }, 50),
      { afterMs: 600_000, fromWaiting: null, does: { kind: 'leave', to: { kind: 'callback' } } },
    ],
  });
  const team = {
    '1001': { queues: [billing.queue], certificates: [certificate('billing', 1)], idle: 9 },
    '1002': { queues: [asId<QueueId>('faults')], idle: 5 },
    '1003': { queues: [billing.queue], reserve: true, idle: 1 },
  };
  const at = (seconds: number) => {
    const index = routerOf([billing, plan('faults')], team);
    index.visitJoined(visit('a', 'billing'), s(0));
    const reached = stepAfter(billing, 0, seconds * 1_000);
    if (reached) index.visitAtStep(asId('a'), reached, s(seconds));
    return [...decisions(index, s(seconds)), index.whyWaiting(asId('a'), s(seconds))];
  };

  test('each step has its golden trace: lower level, other queue, reserve', () => {
    expect(at(59)).toEqual(['nobody with billing≥3 is at work']);
    expect(at(60)[0]).toBe('a → 1001: longest idle of 1 with billing≥1; overflow step 1 after 60 s');
    expect(at(120)[0]).toBe('a → 1002: longest idle of 2; overflow step 2 after 120 s');
    expect(at(200)[0]).toBe('a → 1003: longest idle of 3; overflow step 3 after 180 s; of the reserve');
  });

  test('steps begin by waiting; a caller who finds many waiting begins with a later one', () => {
    expect(stepAfter(billing, 1, 119_999)).toBeNull();
    expect(stepAfter(billing, 0, 600_000)).toEqual({ step: 4, because: 'overflow step 4 after 600 s' });
    expect(stepOnJoining(billing, 29)).toEqual({ step: 0, because: '' });
    expect(stepOnJoining(billing, 30)).toEqual({ step: 2, because: 'overflow step 2 with 30 waiting' });
    expect(stepOnJoining(billing, 99)).toEqual({ step: 3, because: 'overflow step 3 with 99 waiting' });
    expect(nextStepAt(billing, 0, s(7))).toBe(s(67));
    expect(nextStepAt(billing, 4, s(7))).toBeNull();
  });

  test('a clock set back takes no step back', () => {
    expect(stepAfter(billing, 2, 0)).toBeNull();
  });
});

describe('certificates', () => {
  test('an expired one takes the skill away from that moment on (PPL-01)', () => {
    const index = routerOf([plan('billing', { needs: [need('billing', 2)] })], {
      '1001': { certificates: [certificate('billing', 4, s(100))] },
    });
    index.visitJoined(visit('a', 'billing', { queuedAt: s(99) }), s(99));
    expect(index.next(s(99.999))?.agents).toEqual(['1001']);
    expect(index.next(s(100))).toBeNull();
    expect(index.whyWaiting(asId('a'), s(100))).toBe('nobody with billing≥2 is at work');
  });

  test('of two certificates the one that is valid counts', () => {
    const certificates = [certificate('billing', 4, s(100)), certificate('billing', 2)];
    const index = routerOf([plan('billing', { strategy: 'best-skill', needs: [need('billing', 2)] })], {
      '1001': { certificates },
    });
    index.visitJoined(visit('a', 'billing', { queuedAt: s(99) }), s(99));
    expect(index.next(s(99))?.because).toBe('best at billing (4) of 1 with billing≥2');
    expect(index.next(s(100))?.because).toBe('best at billing (2) of 1 with billing≥2');
  });

  test('who was waited for and may serve no longer is waited for no longer', () => {
    const index = routerOf([plan('billing', { needs: [need('billing', 2)], stickyWaitMs: 60_000 })], {
      '1001': { certificates: [certificate('billing', 4, s(100))] },
      '1002': { certificates: [certificate('billing', 2)] },
    });
    index.agentBusy(id('1001'));
    index.visitJoined(visit('a', 'billing', { queuedAt: s(90), lastAgent: id('1001') }), s(90));
    expect(decisions(index, s(99))).toEqual([]);
    expect(decisions(index, s(100))).toEqual(['a → 1002: longest idle of 1 with billing≥2']);
  });
});

describe('which caller is served', () => {
  test('a point of priority is worth a minute here: who has waited longer than that comes before it', () => {
    const index = routerOf([plan('billing')], { '1001': {}, '1002': {}, '1003': {} });
    index.visitJoined(visit('long', 'billing', { queuedAt: s(0) }), s(200));
    index.visitJoined(visit('short', 'billing', { queuedAt: s(100) }), s(200));
    index.visitJoined(visit('vip', 'billing', { queuedAt: s(130), priority: 2 }), s(200));
    expect(decisions(index, s(200)).map((text) => text.split(' ')[0])).toEqual(['long', 'vip', 'short']);
  });

  test('an agent of several queues takes whoever came first in any of them', () => {
    const index = routerOf([plan('billing'), plan('faults')], { '1001': {} });
    index.visitJoined(visit('b', 'billing', { queuedAt: s(9) }), s(10));
    index.visitJoined(visit('f', 'faults', { queuedAt: s(2) }), s(10));
    expect(decisions(index, s(10))).toEqual(['f → 1001: longest idle of 1']);
    expect(index.whyWaiting(asId('b'), s(10))).toBe('the only one is busy');
  });

  test('nobody starves: with priorities up to p, nobody is overtaken by who came p × ageing later (property)', () => {
    const ageingMs = 60_000;
    const caller = fc.record({
      queue: fc.nat({ max: 2 }),
      priority: fc.nat({ max: 4 }),
      at: fc.nat({ max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(caller, { minLength: 2, maxLength: 40 }), (callers) => {
        const index = routerOf([plan('q0'), plan('q1'), plan('q2')], { '1001': {} });
        callers.forEach((c, n) => {
          const joining = visit(`v${n}`, `q${c.queue}`, { priority: c.priority, queuedAt: s(c.at) });
          index.visitJoined(joining, s(900));
        });
        const served = callers.map(() => {
          const decision = index.next(s(900));
          index.visitLeft(decision?.visitId ?? asId('nobody'));
          return callers[Number(decision?.visitId.slice(1))];
        });
        served.forEach((earlier, n) => {
          for (const later of served.slice(n + 1))
            expect((earlier?.at ?? 0) - (later?.at ?? 0)).toBeLessThanOrEqual((4 * ageingMs) / 1_000);
        });
      }),
    );
  });
});

test.each(Array.from({ length: 24 }, (_, n) => n))(
  'a reserve that is called in with a requirement never seen before is heeded, with %i others there already',
  (others) => {
    // Six tiers each: with some number of others it is this one for which the trees have to be made wider.
    const index = routerOf([plan('q0', { strategy: 'best-skill' }), plan('q1', { strategy: 'best-skill' })], {
      '1000': { queues: [asId('q1')], certificates: [], reserve: true },
    });
    for (let n = 0; n < others; n += 1)
      index.visitJoined(visit(`v${n}`, 'q0', { needs: [need(`skill-${n}`, 1)] }), s(0));
    index.visitJoined(visit('waits', 'q1'), s(0));
    index.reserveCalledIn(asId('q1'), true, s(0));
    expect(index.next(s(0))?.agents).toEqual(['1000']);
  },
);
