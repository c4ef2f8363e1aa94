import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { type FlowTestText, flowTestText } from '../../services/ivr/flow-test-text.ts';
import { outcomeOf } from '../../services/ivr/trial/run-test.ts';
import { StepOutOfPlace, takeSteps } from '../../services/ivr/trial/take-steps.ts';
import { inWords } from '../../services/ivr/trial/told.ts';
import { trialSetting } from '../../services/runtime/flow-test-files.ts';
import { flowIn, type IvrCommand, say, trialWorld, WrongUse } from './command.ts';

/** The way a caller takes through a flow: nodes, prompts, outcome. */
export const simulate: IvrCommand = {
  usage: `npm run ivr -- simulate FLOW [STEPS…]      the way a caller takes; steps as in the tests: 1 3100000001# . !0 answered timeout hangs-up
        --at 2026-10-01T09:00  --caller NUMBER  --switch NAME  --full QUEUE
        --lookup NAME=FILE.json | NAME=not-found | NAME=failed | NAME='{"balance":"1.00"}'`,
  run(args, config) {
    const { values, positionals } = parsed(args);
    const [name, ...steps] = positionals;
    const world = trialWorld(config);
    const flow = flowIn(world, name);
    const given = circumstances(values, steps);
    try {
      const call = takeSteps(flow, trialSetting(world, flow.id, given), given.keys);
      for (const told of call.told) say(inWords(told));
      if (!call.over) say(`→ ${outcomeOf(call)}`);
      return 0;
    } catch (error) {
      if (error instanceof StepOutOfPlace) throw new WrongUse(error.message);
      throw error;
    }
  },
};

const options = {
  at: { type: 'string' },
  caller: { type: 'string' },
  switch: { type: 'string', multiple: true },
  full: { type: 'string', multiple: true },
  lookup: { type: 'string', multiple: true },
} as const;

type Values = ReturnType<typeof parsed>['values'];

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

/** What was given, checked as a test's text is. */
function circumstances(values: Values, steps: readonly string[]): FlowTestText {
  try {
    return flowTestText.parse({
      name: 'simulate',
      outcome: 'listening',
      keys: steps.join(' '),
      ...(values.at !== undefined && { at: values.at }),
      ...(values.caller !== undefined && { caller: values.caller }),
      switches: values.switch ?? [],
      full: values.full ?? [],
      lookups: Object.fromEntries((values.lookup ?? []).map(answer)),
    });
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    throw new WrongUse(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  }
}

function answer(given: string): [string, unknown] {
  const [name = '', ...rest] = given.split('=');
  const told = rest.join('=');
  if (['not-found', 'failed', 'timed-out'].includes(told)) return [name, told];
  try {
    const text = told.startsWith('{') ? told : readFileSync(told, 'utf8');
    return [name, { found: JSON.parse(text) as unknown }];
  } catch (error) {
    throw new WrongUse(`--lookup ${given}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
