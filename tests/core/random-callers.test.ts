import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callOutcomes } from '../../services/events/vocabulary.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { takeStep, untilItWaits } from '../../services/ivr/trial/take-steps.ts';
import { inWords } from '../../services/ivr/trial/told.ts';
import { TrialCall } from '../../services/ivr/trial/trial-call.ts';
import { trialSetting } from '../../services/runtime/flow-test-files.ts';
import { demoLookups, demoWorld } from '../support/demo-flows.ts';
import { possibleSteps, type RandomCaller, randomCaller, silentStep } from '../support/random-callers.ts';

const caller = randomCaller({
  switches: [...demoWorld.calendar.switches.keys()],
  queues: [...demoWorld.centre.queues.keys()],
  lookups: demoLookups.lookups,
});

/** However long somebody says nothing: three failures at each of a few nodes, and a few queues. */
const mostSilentSteps = 40;

/** A caller does anything at all, then nothing any more. */
function live(flow: Flow, one: RandomCaller): TrialCall {
  const call = new TrialCall(flow, trialSetting(demoWorld, flow.id, one));
  for (const choice of one.choices) {
    // A caller may press into anything that is being said, or wait for its end.
    if (choice % 3 > 0) untilItWaits(call);
    if (call.over) return call;
    const steps = possibleSteps(call).map((step) => step.replace('!', ''));
    takeStep(call, steps[choice % steps.length] ?? '1');
  }
  for (let silent = 0; ; silent += 1) {
    untilItWaits(call);
    if (call.over) return call;
    expect(silent, call.told.map(inWords).join('\n')).toBeLessThan(mostSilentSteps);
    takeStep(call, silentStep(call));
  }
}

describe.each([...demoWorld.flows.values()])('flow $id', (flow) => {
  test('whoever calls, whatever is pressed, and whatever sources answer: the call ends, with an outcome', () => {
    fc.assert(
      fc.property(caller, (one) => {
        const call = live(flow, one);
        const last = call.told.at(-1);
        expect(last?.kind).toBe('over');
        expect([...callOutcomes, 'transferred']).toContain(last?.kind === 'over' ? last.outcome : null);
        // Nobody hears two prompts at once or is left with nothing: between two steps of the caller, something is said or done.
        expect(call.inputs).toBeLessThan(2_000);
      }),
      { numRuns: 400 },
    );
  });

  test('key 0 leads towards a person from wherever a caller is listened to', () => {
    fc.assert(
      fc.property(caller, (one) => {
        const call = new TrialCall(flow, trialSetting(demoWorld, flow.id, { ...one, full: [] }));
        for (const choice of one.choices) {
          untilItWaits(call);
          if (call.waiting.kind !== 'keys') break;
          const before = call.told.length;
          const aside = call.node;
          if (choice % 7 === 0) {
            takeStep(call, '0');
            // Where digits are asked for, a lone 0 counts when a pause ends it.
            if (call.node === aside && call.waiting.kind === 'keys') takeStep(call, '.');
            untilItWaits(call);
            const since = call.told.slice(before);
            expect(
              since.some(({ kind }) => kind === 'queued'),
              since.map(inWords).join('\n'),
            ).toBe(true);
            return;
          }
          const steps = possibleSteps(call).filter((step) => /^[1-8]/.test(step));
          takeStep(call, steps[choice % steps.length] ?? '1');
          untilItWaits(call);
          // Half an entry is ended by a pause: a 0 after other digits is a digit.
          if (flow.nodes.get(call.node)?.kind === 'collect' && call.waiting.kind === 'keys')
            takeStep(call, '.');
        }
      }),
      { numRuns: 300 },
    );
  });
});
