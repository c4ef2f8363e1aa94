import { expect, test } from 'vitest';
import { evolve } from '../../services/calls/evolve.ts';
import { RoutingMemory } from '../../services/calls/routing-memory.ts';
import { emptyWorld } from '../../services/calls/world.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { demoCentre, simulateHotline } from '../support/simulated-hotline.ts';

/** More seeds with HOTLINE_TEST_SEEDS=n; one alone with HOTLINE_TEST_SEED=n. */
const one = process.env.HOTLINE_TEST_SEED;
const seeds = one
  ? [Number(one)]
  : Array.from({ length: Number(process.env.HOTLINE_TEST_SEEDS ?? 6) }, (_, i) => i + 1);
const simulatedMs = 60 * 60_000;

test.each(seeds)(
  'the routing index, told of each event, decides what the hotline decided, and is never behind (seed %i)',
  (seed) => {
    const batches: HotlineEvent[][] = [];
    const hotline = simulateHotline({
      seed,
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
      const leg = telephony.callerDials({ number: pick(['95598', '10050']), from: '13800138000' });
      for (let at = exponential(3_000), n = 0; n < 4; n++, at += exponential(4_000))
        time.schedule(at, () => telephony.callerPresses(leg, '0'));
      time.schedule(exponential(120_000), () => telephony.callerHangsUp(leg));
      time.schedule(exponential(5_000), callerLives);
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
    for (const agent of [...demoCentre.agents.keys()].slice(0, 6)) agentLives(agent);
    callerLives();
    time.schedule(exponential(200_000), networkLives);
    time.pass(simulatedMs);

    const world = emptyWorld();
    const start = batches[0]?.[0]?.at;
    if (start === undefined) throw new Error('nothing happened');
    let memory = new RoutingMemory(demoCentre, world, start);
    let rings = 0;
    for (const events of batches) {
      for (const event of events) {
        if (event.type === 'AgentRingRequested') {
          rings++;
          expect(memory.index.next(event.at)).toEqual({
            visitId: event.visitId,
            queue: event.queue,
            agents: [event.agent],
            because: event.because,
          });
        }
        evolve(world, event);
        memory.follow(event, world);
      }
      const last = events.at(-1)?.at ?? start;
      expect(memory.index.next(last)).toBeNull();
      // Made anew of the world, as after a restart, it knows the same.
      if (rings % 7 === 0) memory = new RoutingMemory(demoCentre, world, last);
    }
    expect(rings).toBeGreaterThan(20);
  },
);
