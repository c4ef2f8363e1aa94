import { describe, expect, test } from 'vitest';
import { signInSteps, signOutSteps } from '../../infra/parts/asterisk-sign-in.ts';
import type { AgentDefinition, Centre } from '../../services/calls/centre.ts';
import { fallbackPlaces } from '../../services/calls/fallback-places.ts';
import { plainServing } from '../../services/calls/serving-plans.ts';
import { emptyWorld } from '../../services/calls/world.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { type AgentId, asId, type QueueId } from '../../services/events/ids.ts';
import { after, instant } from '../../services/events/instant.ts';
import type { FallbackAgent } from '../../services/runtime/fallback-port.ts';
import { FallbackStaffing } from '../../services/runtime/fallback-staffing.ts';
import { queueDefinition } from '../support/small-centre.ts';
import { certificate, need, plan, widen } from '../support/small-router.ts';

const now = instant(Date.parse('2026-03-02T10:00:00Z'));
const tomorrow = after(now, 24 * 3_600_000);
const inAMonth = after(now, 31 * 24 * 3_600_000);
const nobodys = new Set<QueueId>();

/** Queues served by these plans, and agents of all of them unless they say otherwise. */
function centreOf(
  plans: ReturnType<typeof plan>[],
  agents: Record<string, Partial<AgentDefinition>>,
): Pick<Centre, 'queues' | 'agents'> & Centre {
  const queues = plans.map((one) =>
    queueDefinition(one.queue, { serving: { ...plainServing(one.queue), plan: one } }),
  );
  return {
    hotlines: new Map(),
    users: [],
    outbound: { numbers: [], wrapUpMs: 10_000 },
    queues: new Map(queues.map((queue) => [queue.id, queue])),
    agents: new Map(
      Object.entries(agents).map(([id, own]): [AgentId, AgentDefinition] => [
        asId(id),
        {
          id: asId(id),
          name: id,
          queues: plans.map(({ queue }) => queue),
          skills: [],
          reserve: false,
          ...own,
        },
      ]),
    ),
  };
}

/** Who is rung while the controller is away, and with which penalty, such as `1001@0`. */
const members = (centre: Pick<Centre, 'queues' | 'agents'>, reserves = nobodys, at = now) =>
  [...centre.agents.keys()].flatMap((agent) =>
    fallbackPlaces(centre, agent, reserves, at).map(({ queue, penalty }) => `${queue} ${agent}@${penalty}`),
  );

describe('who is rung while Asterisk serves alone', () => {
  test('those who have what the queue needs today, and nobody else', () => {
    const centre = centreOf([plan('billing', { needs: [need('billing', 2)] })], {
      '1001': { skills: [certificate('billing', 2)] },
      '1002': { skills: [certificate('billing', 1)] },
      '1003': { skills: [certificate('billing', 5, tomorrow)] },
      '1004': { skills: [certificate('billing', 5)], queues: [] },
    });
    expect(members(centre)).toEqual(['billing 1001@0', 'billing 1003@0']);
    expect(members(centre, nobodys, tomorrow)).toEqual(['billing 1001@0']);
  });

  test('the best before the others where the queue takes the best; who has the skill before who has not elsewhere', () => {
    const agents = {
      '1001': { skills: [certificate('faults', 5)] },
      '1002': { skills: [certificate('faults', 2)] },
      '1003': {},
    };
    const best = centreOf([plan('faults', { strategy: 'best-skill', preferred: asId('faults') })], agents);
    expect(members(best)).toEqual(['faults 1001@0', 'faults 1002@3', 'faults 1003@5']);
    const preferring = centreOf([plan('faults', { preferred: asId('faults') })], agents);
    expect(members(preferring)).toEqual(['faults 1001@0', 'faults 1002@0', 'faults 1003@1']);
  });

  test('the reserve when a lead has called it in; without a lead after all others, where the overflow would call it in', () => {
    const calling = widen(60, { reserve: true });
    const centre = centreOf([plan('billing', { overflow: [calling] }), plan('repairs')], {
      '1001': {},
      '1002': { reserve: true },
    });
    expect(members(centre)).toEqual(['billing 1001@0', 'repairs 1001@0', 'billing 1002@10']);
    expect(members(centre, new Set([asId<QueueId>('repairs')]))).toEqual([
      'billing 1001@0',
      'repairs 1001@0',
      'billing 1002@10',
      'repairs 1002@0',
    ]);
  });

  test('whom a later step of the overflow lets serve comes after all whom the one before does, their tiers kept', () => {
    const overflow = [
      widen(30, { needs: [need('billing', 1)] }),
      widen(60, { needs: [], alsoQueues: [asId<QueueId>('other')] }),
    ];
    const one = plan('billing', { strategy: 'best-skill', needs: [need('billing', 4)], overflow });
    const centre = centreOf([one], {
      '1001': { skills: [certificate('billing', 4)] },
      '1002': { skills: [certificate('billing', 2)] },
      '1003': { skills: [certificate('billing', 1)] },
      '1004': { queues: [asId<QueueId>('other')] },
    });
    expect(members(centre)).toEqual([
      'billing 1001@1',
      'billing 1002@13',
      'billing 1003@14',
      'billing 1004@20',
    ]);
  });
});

describe('the dialplan signs agents in by phone as the controller would', () => {
  const queue = plan('faults', { strategy: 'best-skill', preferred: asId('faults') });
  const stepsOf = (own: Partial<AgentDefinition>, plans = [queue]) => {
    const centre = centreOf(plans, { '1001': own });
    const agent = centre.agents.get(asId('1001')) as AgentDefinition;
    return { signIn: signInSteps(centre, agent, now), signOut: signOutSteps(centre, agent, now) };
  };
  /** The dialplan's own way to name a variable. */
  const variable = (name: string) => `\${${name}}`;
  const epoch = variable('EPOCH');
  const add = (penalty: number) =>
    `AddQueueMember(faults,PJSIP/${variable('HOTLINE_ACCOUNT')},${penalty},,${variable('HOTLINE_AGENT')})`;

  test('with the penalty of their level', () => {
    expect(stepsOf({ skills: [certificate('faults', 4)] }).signIn).toEqual([add(1)]);
  });

  test('also months later: each rank for as long as the certificates say', () => {
    const skills = [certificate('faults', 5, tomorrow), certificate('faults', 3, inAMonth)];
    const [day, month] = [tomorrow / 1000, inAMonth / 1000];
    const over = `$[${variable('PRIORITY')} + 2]`;
    expect(stepsOf({ skills }).signIn).toEqual([
      `GotoIf($[(${epoch} >= ${day})]?${over})`,
      add(0),
      `GotoIf($[(${epoch} < ${day}) | (${epoch} >= ${month})]?${over})`,
      add(2),
      `GotoIf($[(${epoch} < ${month})]?${over})`,
      add(5),
    ]);
  });

  test('where the end of a certificate changes nothing, nothing is asked', () => {
    expect(stepsOf({ skills: [certificate('meters', 5, tomorrow)] }).signIn).toEqual([add(5)]);
  });

  test('the reserve stays out, but is signed out of wherever a lead may have called it in', () => {
    const { signIn, signOut } = stepsOf({ reserve: true });
    expect(signIn).toEqual([]);
    expect(signOut).toHaveLength(2);
  });
});

describe('Asterisk is told', () => {
  function staffing(centre: ReturnType<typeof centreOf>) {
    const told: string[] = [];
    const timers: { ms: number; callback: () => void }[] = [];
    const time = { now };
    const port = {
      staff: ({ agent, intent }: FallbackAgent) => void told.push(`${agent} ${intent}`),
      placesChanged: (agents: readonly AgentId[]) => void told.push(`places of ${agents.join()}`),
    };
    const following = new FallbackStaffing({
      centre,
      port,
      clock: () => time.now,
      schedule: (ms, callback) => {
        timers.push({ ms, callback });
        return () => void timers.splice(0);
      },
    });
    return { told, timers, time, following };
  }
  const reserveCalledIn = (on: boolean) =>
    [{ type: 'ReserveCalledIn', queue: 'billing', on, by: 'lead', at: now }] as unknown as HotlineEvent[];

  test('of the reserve, when a lead calls it in and lets it go again, and after a restart', () => {
    const centre = centreOf([plan('billing')], { '1001': {}, '1002': { reserve: true } });
    const { told, following } = staffing(centre);
    following.follow(reserveCalledIn(true));
    expect(following.placesOf(asId('1002'))).toEqual([{ queue: 'billing', penalty: 0 }]);
    following.follow(reserveCalledIn(false));
    expect(following.placesOf(asId('1002'))).toEqual([]);
    expect(told).toEqual(['places of 1002', 'places of 1002']);

    const restarted = staffing(centre);
    const world = emptyWorld();
    world.reserves.set(asId('billing'), { by: 'lead', since: now });
    restarted.following.staffAll(world);
    expect(restarted.following.placesOf(asId('1002'))).toEqual([{ queue: 'billing', penalty: 0 }]);
    expect(restarted.told).toEqual(['1001 signed-out', '1002 signed-out']);
  });

  test('when certificates end, at that moment, of whom they are; no timer is longer than a day', () => {
    const centre = centreOf([plan('billing', { needs: [need('billing', 1)] })], {
      '1001': { skills: [certificate('billing', 1, inAMonth)] },
      '1002': { skills: [certificate('billing', 1, tomorrow)] },
    });
    const { told, timers, time, following } = staffing(centre);
    const endsOf = () => {
      const timer = timers.shift();
      if (!timer) return null;
      time.now = after(time.now, timer.ms);
      timer.callback();
      return time.now;
    };
    expect(endsOf()).toBe(tomorrow);
    expect(told).toEqual(['places of 1002']);
    expect(following.placesOf(asId('1002'))).toEqual([]);
    for (let day = 0; day < 29; day++) endsOf();
    expect(told).toHaveLength(1);
    expect(endsOf()).toBe(inAMonth);
    expect(told).toEqual(['places of 1002', 'places of 1001']);
    expect(timers).toEqual([]);
  });

  test('a timer that comes a moment too soon is set again', () => {
    const centre = centreOf([plan('billing')], { '1001': { skills: [certificate('x', 1, tomorrow)] } });
    const { told, timers, time } = staffing(centre);
    time.now = after(tomorrow, -3);
    timers.shift()?.callback();
    expect(told).toEqual([]);
    expect(timers.map(({ ms }) => ms)).toEqual([3]);
  });
});
