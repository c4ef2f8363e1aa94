import { expect, test } from 'vitest';
import { featureCodes } from '../../services/calls/feature-codes.ts';
import { timerKinds } from '../../services/calls/timers.ts';
import { agentStates, callStages } from '../../services/events/vocabulary.ts';
import { nodeKinds } from '../../services/ivr/flow.ts';
import { states } from './states.ts';

test('every stage, node kind, agent state, timer kind and feature code is in the registry', () => {
  const words = [
    ...callStages.map((stage) => `call ${stage}`),
    ...nodeKinds.map((kind) => `node ${kind}`),
    ...agentStates.map((state) => `agent ${state}`),
    ...timerKinds.map((kind) => `timer ${kind}`),
    ...Object.keys(featureCodes).map((code) => `code ${code}`),
  ];
  expect(Object.keys(states).sort()).toEqual(words.sort());
});
