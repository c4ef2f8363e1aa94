import type { Flow } from '../flow.ts';
import type { FlowTestText } from '../flow-test-text.ts';
import type { TrialSetting } from './setting.ts';
import { EndlessFlow, StepOutOfPlace, takeSteps } from './take-steps.ts';
import { inWords } from './told.ts';
import type { TrialCall } from './trial-call.ts';

/** How a flow's test went: what was not as it says, one line each, and everything that happened. */
export type TestResult = {
  readonly problems: readonly string[];
  readonly told: readonly string[];
  /** Nodes of the flow itself that the call was in. */
  readonly entered: readonly string[];
};

/** Takes one test's call through its flow and compares. */
export function runFlowTest(flow: Flow, setting: TrialSetting, test: FlowTestText): TestResult {
  try {
    const call = takeSteps(flow, setting, test.keys);
    return {
      problems: differences(call, flow, test),
      told: call.told.map(inWords),
      entered: pathOf(call, flow),
    };
  } catch (error) {
    if (!(error instanceof StepOutOfPlace) && !(error instanceof EndlessFlow)) throw error;
    return { problems: [error.message], told: [], entered: [] };
  }
}

/** The nodes a call entered; those of another flow as `flow/node`. */
export const pathOf = (call: TrialCall, flow: Flow): string[] =>
  call.told.flatMap((told) =>
    told.kind === 'entered' ? [told.flow === flow.id ? told.node : `${told.flow}/${told.node}`] : [],
  );

export const heardIn = (call: TrialCall): string[] =>
  call.told.flatMap((told) => (told.kind === 'heard' ? told.prompts : []));

/** How it stands with the call now: its outcome when it is over. */
export function outcomeOf(call: TrialCall): string {
  const { waiting } = call;
  switch (waiting.kind) {
    case 'end':
      return waiting.outcome;
    case 'queue':
      return 'waiting';
    case 'recording':
      return 'recording';
    default:
      return 'listening';
  }
}

function differences(call: TrialCall, flow: Flow, test: FlowTestText): string[] {
  const problems: string[] = [];
  const compare = (what: string, expected: unknown, seen: unknown) => {
    if (expected !== undefined && JSON.stringify(expected) !== JSON.stringify(seen))
      problems.push(`${what} is ${JSON.stringify(seen)}, but should be ${JSON.stringify(expected)}`);
  };
  compare('path', test.path, pathOf(call, flow));
  compare('outcome', test.outcome, outcomeOf(call));
  compare('queue', test.queue, call.queue);
  compare('priority', test.priority, call.priority);
  compare('score', test.score, call.score);
  for (const [name, value] of Object.entries(test.values ?? {}))
    compare(`value ${name}`, value, call.values.get(name));
  return [...problems, ...hearing(heardIn(call), test)];
}

function hearing(heard: readonly string[], test: FlowTestText): string[] {
  const problems: string[] = [];
  let from = 0;
  for (const prompt of test.hears) {
    const at = heard.indexOf(prompt, from);
    if (at === -1) {
      const after = from === 0 ? '' : ` after ${heard[from - 1]}`;
      problems.push(`"${prompt}" is not heard${after}; heard is ${heard.join(', ')}`);
      break;
    }
    from = at + 1;
  }
  for (const prompt of test['not-heard'])
    if (heard.includes(prompt)) problems.push(`"${prompt}" is heard, and should not be`);
  return problems;
}
