import { expect, test } from 'vitest';
import { evolve } from '../../services/calls/evolve.ts';
import { RoutingMemory } from '../../services/calls/routing-memory.ts';
import { emptyWorld } from '../../services/calls/world.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type QueueId } from '../../services/events/ids.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { servedCentre } from '../support/served-centre.ts';
import { simulateHotline } from '../support/simulated-hotline.ts';
import { need, widen } from '../support/small-router.ts';

/** More seeds with HOTLINE_TEST_SEEDS=n; one alone with HOTLINE_TEST_SEED=n. */
const one = process.env.HOTLINE_TEST_SEED;
const seeds = one
  ? [Number(one)]
  : Array.from({ length: Number(process.env.HOTLINE_TEST_SEEDS ?? 6) }, (_, i) => i + 1);
const words = {
  best: /^best at billing/,
  all: /^rings all of/,
  last: /^last helped/,
  step: /overflow step/,
  reserve: /of the reserve/,
};
const simulatedMs = 60 * 60_000;

/** Everything that queues can be told, in one small centre: skills, steps, all phones at once, the last agent first, a reserve. */
const both = ['power-service', 'telecom-service'];
const centre = servedCentre(
  {
    'power-service': {
      strategy: 'best-skill',
      needs: [need('billing', 2)],
      ageingMsPerPriority: 3_000,
      stickyWaitMs: 8_000,
      helpedWithinMs: 600_000,
      maxMissedRings: 2,
      overflow: [
        widen(10, { needs: [need('billing', 1)] }),
        widen(20, { needs: [], reserve: true }, 4),
        {
          afterMs: 45_000,
          fromWaiting: 9,
          does: { kind: 'leave', to: { kind: 'queue', queue: asId('telecom-service') } },
        },
      ],
    },
    'telecom-service': {
      strategy: 'ring-all',
      ringAllLimit: 3,
      maxMissedRings: 2,
      stickyWaitMs: 0,
      helpedWithinMs: 600_000,
    },
  },
  {
    '1001': { queues: both, skills: { billing: 4 } },
    '1002': { queues: both, skills: { billing: 2 } },
    '1003': { queues: ['power-service'], skills: { billing: 1 } },
    '1004': { queues: ['telecom-service'] },
    '1005': { queues: both, reserve: true, skills: { billing: 3 } },
    '1006': { queues: ['telecom-service'] },
  },
);

test.each(seeds)(
  'the routing index, told of each event, decides what the hotline decided, and is never behind (seed %i)',
  (seed) => {
    const batches: HotlineEvent[][] = [];
    const hotline = simulateHotline({
      seed,
      centre,
      fake: {
        faults: { timeOutChance: 0.004, refuseChance: 0.004, repeatChance: 0.05, vanishChance: 0.002 },
      },
      onAppend: (events) => void batches.push([...events]),
    });
    const { time, random, telephony } = hotline;
    const ends = time.now() + simulatedMs;
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const exponential = (meanMs: number) => -Math.log(1 - random()) * meanMs;
    const agentLives = (agent: string) => {
      if (time.now() >= ends) return;
      const phone = telephony.phone(agent);
      const patient = { answerAfterMs: exponential(4_000), hangUpAfterMs: exponential(60_000) };
      phone.behaves(random() < 0.85 ? patient : { silent: true });
      if (random() < 0.7) {
        phone.registers();
        hotline.setAgent(agent, { kind: 'ready' });
      } else if (random() < 0.5) hotline.setAgent(agent, { kind: 'not-ready', reason: 'break' });
      else phone.vanishes();
      time.schedule(exponential(40_000), () => agentLives(agent));
    };
    const callerLives = () => {
      if (time.now() >= ends) return;
      const from = `1380013800${Math.floor(random() * 8)}`;
      const leg = telephony.callerDials({ number: pick(['95598', '10050']), from });
      for (let at = exponential(3_000), n = 0; n < 4; n++, at += exponential(4_000))
        time.schedule(at, () => telephony.callerPresses(leg, '0'));
      time.schedule(exponential(120_000), () => telephony.callerHangsUp(leg));
      time.schedule(exponential(5_000), callerLives);
    };
    const leadLives = () => {
      if (time.now() >= ends) return;
      expect(brokenInvariants(hotline.engine.state.world, hotline.engine.state.today)).toEqual([]);
      const [queue, on] = [asId<QueueId>(pick(both)), random() < 0.5];
      void hotline.engine.command({ kind: 'call-in-reserve', queue, on, by: 'lead' });
      time.schedule(exponential(60_000), leadLives);
    };
    const networkLives = () => {
      if (time.now() >= ends) return;
      const awayMs = exponential(2_000);
      if (random() < 0.5) telephony.restarts();
      else {
        hotline.killController();
        time.schedule(awayMs, () => hotline.startController());
      }
      // Not before the controller is back: there is only one.
      time.schedule(awayMs + 1_000 + exponential(300_000), networkLives);
    };
    telephony.connects();
    for (const agent of centre.agents.keys()) agentLives(agent);
    callerLives();
    leadLives();
    time.schedule(exponential(200_000), networkLives);
    time.pass(simulatedMs);

    const world = emptyWorld();
    const start = batches[0]?.[0]?.at;
    if (start === undefined) throw new Error('nothing happened');
    let memory = new RoutingMemory(centre, world, start);
    let rings = 0;
    /** Others who are rung with the one before, by the same decision. */
    let also: { visitId: string; agents: readonly string[] } = { visitId: '', agents: [] };
    const seen = new Set<string>();
    for (const events of batches) {
      for (const event of events) {
        if (event.type === 'AgentRingRequested') {
          rings++;
          if (also.visitId === event.visitId && also.agents[0] === event.agent)
            also = { ...also, agents: also.agents.slice(1) };
          else {
            expect(also.agents).toEqual([]);
            const decision = memory.index.next(event.at);
            expect(decision).toMatchObject({
              visitId: event.visitId,
              queue: event.queue,
              because: event.because,
            });
            expect(decision?.agents[0]).toBe(event.agent);
            also = { visitId: event.visitId, agents: decision?.agents.slice(1) ?? [] };
          }
          for (const [word, reason] of Object.entries(words)) if (reason.test(event.because)) seen.add(word);
        }
        evolve(world, event);
        // Whoever waited for one agent alone until a moment at which no controller was there waits for others since: that is not told.
        if (event.type === 'ControllerStarted') memory = new RoutingMemory(centre, world, event.at);
        else memory.follow(event, world);
      }
      const last = events.at(-1)?.at ?? start;
      expect(memory.index.next(last)).toBeNull();
      // Made anew of the world, as after a restart, it knows the same.
      if (rings % 7 === 0) memory = new RoutingMemory(centre, world, last);
    }
    expect(rings).toBeGreaterThan(20);
    // Or nothing would have been shown of it.
    expect([...seen].sort()).toEqual(Object.keys(words).sort());
  },
);
