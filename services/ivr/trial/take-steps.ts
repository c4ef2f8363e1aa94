import type { Flow } from '../flow.ts';
import type { TrialSetting } from './setting.ts';
import { TrialCall } from './trial-call.ts';

/** More inputs than any call has: a flow that needs more does not come to rest. */
const mostInputs = 5_000;

/** A flow did not come to rest by itself: the checker should have refused it. */
export class EndlessFlow extends Error {
  override readonly name = 'EndlessFlow';
}

/** One step of a flow's test cannot be taken where the call is. */
export class StepOutOfPlace extends Error {
  override readonly name = 'StepOutOfPlace';
}

/**
 * A call through a flow, step by step as a flow's test writes them (flow-test-text.ts). Steps after the end of the call are left over.
 * @throws {StepOutOfPlace} when a step cannot be taken where the call is; {EndlessFlow}
 */
export function takeSteps(flow: Flow, setting: TrialSetting, steps: readonly string[]): TrialCall {
  const call = new TrialCall(flow, setting);
  for (const step of steps) {
    if (step.startsWith('!')) untilSomethingIsSaid(call);
    else untilItWaits(call);
    if (call.over) break;
    call.tell({ kind: 'caller', step });
    takeStep(call, step.replace('!', ''));
  }
  untilItWaits(call);
  return call;
}

/** Lets everything be said and answered, until only the caller, an agent or time can go on. */
export function untilItWaits(call: TrialCall): void {
  while (call.asked || call.waiting.kind === 'prompt') {
    if (call.inputs > mostInputs)
      throw new EndlessFlow(
        `the call does not come to rest: it is at ${call.node} after ${mostInputs} inputs`,
      );
    if (call.asked) call.answerLookup();
    else call.input({ kind: 'prompt-finished' });
  }
}

/** Sources answer before a caller can press anything, unless something is said meanwhile. */
function untilSomethingIsSaid(call: TrialCall): void {
  while (call.asked && call.waiting.kind !== 'prompt' && call.inputs <= mostInputs) call.answerLookup();
}

export function takeStep(call: TrialCall, step: string): void {
  const { waiting } = call;
  const outOfPlace = (needs: string) => {
    throw new StepOutOfPlace(`"${step}" needs ${needs}, but at ${call.node} ${standing[waiting.kind]}`);
  };
  if (/^[0-9*#]+$/.test(step)) {
    for (const key of step) if (!call.over) call.input({ kind: 'key', key });
    return;
  }
  if (/^\d+s$/.test(step)) {
    if (waiting.kind !== 'queue') return outOfPlace('a queue');
    return wait(call, waiting, Number(step.slice(0, -1)) * 1_000);
  }
  switch (step) {
    case '.':
      if (waiting.kind === 'keys') return call.input({ kind: 'silence' });
      if (waiting.kind === 'recording') return call.input({ kind: 'done', ok: false });
      return outOfPlace('a call that listens');
    case 'answered':
      if (waiting.kind === 'queue') return call.agentAnswers();
      if (waiting.kind === 'transfer') return call.transferred();
      return outOfPlace('a queue or a transfer');
    case 'agent-lost':
      return waiting.kind === 'queue' ? call.agentIsLost() : outOfPlace('a queue');
    case 'timeout':
      if (waiting.kind === 'queue') return call.flowOut(waiting.node, 'waited');
      if (waiting.kind === 'transfer') return call.input({ kind: 'done', ok: false });
      return outOfPlace('a queue or a transfer');
    case 'speaks':
      return waiting.kind === 'recording' ? call.leftMessage() : outOfPlace('a recorder');
    case 'hangs-up':
      return call.end('caller');
    default:
      return outOfPlace('to be a step');
  }
}

const standing = {
  nothing: 'nothing is under way',
  prompt: 'something is being said',
  lookup: 'something is being looked up',
  keys: 'the caller is listened to',
  queue: 'the caller waits in a queue',
  recording: 'a message is recorded',
  transfer: 'another number is dialled',
  end: 'the call is over',
} as const;

function wait(call: TrialCall, waiting: Extract<TrialCall['waiting'], { kind: 'queue' }>, ms: number): void {
  const until = waiting.waitedMs + ms;
  const { whileWaiting } = waiting.node;
  if (whileWaiting)
    for (let at = whileWaiting.afterMs; at <= until; at += whileWaiting.everyMs)
      if (at > waiting.waitedMs) call.announceWhileWaiting(whileWaiting);
  call.waiting = { ...waiting, waitedMs: until };
}
