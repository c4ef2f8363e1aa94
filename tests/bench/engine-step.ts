import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';
import type { Benchmark } from './figure.ts';
import { rounded } from './statistics.ts';

const agents = ['1001', '1002', '1003', '1004', '1005', '1006', '1007', '1008', '1009', '1010'];
const callsPerBatch = 10;

/**
 * The production engine against the pretended telephone system, on simulated time: whole answered calls, one after the
 * other in groups of ten. The time is the engine's and the pretence's together, so the figure is a lower bound.
 */
export const engineStep: Benchmark = async ({ quick }) => {
  const calls = quick ? 500 : 10_000;
  const hotline = simulateHotline({ fake: { promptMs: () => 500 } });
  for (const agent of agents) hotline.signIn(agent, { answerAfterMs: 1_000, hangUpAfterMs: 5_000 });
  serve(hotline, 100);
  const heapBefore = heapBytes();
  hotline.events.length = 0;
  let events = 0;
  const begun = performance.now();
  for (let done = 0; done < calls; done += 100) {
    serve(hotline, 100);
    // The journal of the pretence is a list; the real one lets go of what is shipped.
    events += hotline.events.length;
    hotline.events.length = 0;
  }
  const seconds = (performance.now() - begun) / 1_000;
  if (hotline.bugs.length > 0)
    throw new Error(`the engine met ${hotline.bugs.length} bugs: ${hotline.bugs[0]}`);
  const left = hotline.engine.state.world.calls.size;
  if (left > 0) throw new Error(`${left} calls are left over in the engine`);
  const detail = {
    calls,
    events,
    seconds: rounded(seconds, 2),
    callsPerSecond: Math.round(calls / seconds),
    heapGrowthMB: rounded((heapBytes() - heapBefore) / 1e6, 1),
    timersLeft: hotline.engine.state.world.timers.size,
    legsLeft: hotline.engine.state.world.legs.size,
  };
  return [
    { what: 'engine steps against the fake', unit: 'events/s', value: Math.round(events / seconds), detail },
  ];
};

function serve(hotline: SimulatedHotline, calls: number): void {
  for (let done = 0; done < calls; done += callsPerBatch) {
    for (let call = 0; call < callsPerBatch; call++) {
      const leg = hotline.call('95598', `1380013${String(done + call).padStart(4, '0')}`);
      hotline.until(() => hotline.stage(leg) === 'ivr', 'the menu answers');
      hotline.telephony.callerPresses(leg, '0');
    }
    hotline.until(() => hotline.engine.state.world.calls.size === 0, 'the calls are over');
    // Until the agents' wrap-up is over.
    hotline.pass(15_000);
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
