import { describe, expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import type { FlowTestText, LookupAnswer } from '../../services/ivr/flow-test-text.ts';
import { heardIn, outcomeOf, pathOf } from '../../services/ivr/trial/run-test.ts';
import { takeSteps } from '../../services/ivr/trial/take-steps.ts';
import { readFlowTests, trialSetting } from '../../services/runtime/flow-test-files.ts';
import { CallerInFlow } from '../support/caller-in-flow.ts';
import { demoWorld, ivrDir } from '../support/demo-flows.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';
import { SimulatedTime } from '../support/simulated-time.ts';

/**
 * A flow's tests are taken by the interpreter alone (services/ivr/trial). Here the same callers call the production engine, on simulated time: path,
 * prompts and outcome must be the same. Those that are served by the IVR alone, with keys, silences and a hang-up.
 */
const files = readFlowTests(ivrDir);
const simple = (one: FlowTestText) =>
  one.switches.length === 0 &&
  one.full.length === 0 &&
  one.keys.every((step) => /^([0-9*#]+|\.|hangs-up)$/.test(step)) &&
  !Object.values(one.lookups).flat().includes('timed-out');

/** A source that answers as the test says, one after the other. */
function answer(hotline: SimulatedHotline, lookups: FlowTestText['lookups']): void {
  const asked = new Map<string, number>();
  const told = (given: LookupAnswer) =>
    typeof given === 'string'
      ? ({ result: given } as const)
      : ({ result: 'found', values: given.found } as const);
  hotline.lookups.answersOtherwise((lookup) => {
    const list = Object.hasOwn(lookups, lookup) ? [lookups[lookup] ?? []].flat() : [];
    const times = asked.get(lookup) ?? 0;
    asked.set(lookup, times + 1);
    return told(list[Math.min(times, list.length - 1)] ?? 'failed');
  });
}

describe.each(files)('the engine goes the same way: $flow', ({ flow: id, tests }) => {
  const flow = demoWorld.flows.get(id);
  test.each(tests.filter(simple))('$name', (one) => {
    if (!flow) throw new Error(`there is no flow ${id}`);
    const trial = takeSteps(flow, trialSetting(demoWorld, id, one), one.keys);

    const hotline = simulateHotline({
      centre: demoWorld.centre,
      flows: demoWorld.flows,
      time: new SimulatedTime(Date.parse(`${one.at.length === 16 ? `${one.at}:00` : one.at}+08:00`)),
      fake: { promptMs: () => 400 },
    });
    answer(hotline, one.lookups);
    const caller = new CallerInFlow(hotline, one.caller, id);
    for (const step of one.keys) {
      hotline.until(() => caller.waits() || caller.isGone(), 'the call waits for the caller');
      if (caller.isGone()) break;
      if (step === 'hangs-up') caller.hangsUp();
      else if (step === '.') {
        const { attempts, node } = caller.now();
        hotline.until(
          () => caller.isGone() || caller.now().attempts !== attempts || caller.now().node !== node,
          'the silence to count',
        );
      } else caller.presses(step);
    }
    hotline.until(() => caller.waits() || caller.isGone(), 'the call waits for the caller');
    expect(caller.path()).toEqual(pathOf(trial, flow));
    expect(caller.heard()).toEqual(heardIn(trial));
    if (trial.over) {
      hotline.untilEnded(caller.leg);
      expect(hotline.record(caller.leg).outcome).toBe(outcomeOf(trial));
    }
    expect(hotline.bugs).toEqual([]);
    expect(hotline.of(caller.leg, 'FlowNodeEntered').every(({ flow: entered }) => entered === asId(id))).toBe(
      true,
    );
  });
});
