import type { CallId, NodeName, PlaybackId, VisitId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import type { Flow } from '../ivr/flow.ts';
import { type FlowAction, type FlowInput, flowStep } from '../ivr/interpreter.ts';
import { positionOf } from '../queueing/queue.ts';
import { pickedUp } from './arrive.ts';
import type { Call } from './call.ts';
import { cutPromptShort, hangUpLeg, play } from './closing.ts';
import { outcomeOf } from './outcome.ts';
import type { Turn } from './turn.ts';

export function enterFlow(turn: Turn, callId: CallId, flow: Flow, node: NodeName): void {
  advance(turn, callId, flow, { kind: 'enter', node });
}

export function keyPressed(turn: Turn, callId: CallId, digit: string): void {
  // A key pressed as the answer arrives: whoever presses keys hears us.
  if (turn.world.calls.get(callId)?.stage.kind === 'arriving') pickedUp(turn, callId);
  const call = turn.world.calls.get(callId);
  if (!call || call.callerGone) return;
  const flow = flowOf(turn, call);
  if (call.stage.kind !== 'ivr' || !flow) {
    turn.emit({ type: 'DigitPressed', callId, digit, result: 'ignored' });
    return;
  }
  advance(turn, callId, flow, { kind: 'key', key: digit });
}

/** Silence for as long as the menu listens. */
export function listenedInVain(turn: Turn, callId: CallId): void {
  const call = turn.world.calls.get(callId);
  const flow = call && flowOf(turn, call);
  if (flow && call.stage.kind === 'ivr') advance(turn, callId, flow, { kind: 'silence' });
}

/** A prompt ended by itself. One that was cut short, or belongs to a step long left, is no longer the call's playback and changes nothing. */
export function playbackFinished(turn: Turn, callId: CallId, playbackId: PlaybackId, ok: boolean): void {
  const call = turn.world.calls.get(callId);
  if (!call || call.callerGone || call.playback !== playbackId) return;
  const flow = call.stage.kind === 'ivr' ? flowOf(turn, call) : null;
  const actions = flow && call.node ? flowStep(flow, here(call), { kind: 'prompt-finished' }) : [];
  const listen = actions[0]?.kind === 'listen' ? actions[0].ms : null;
  turn.emit({
    type: 'PromptFinished',
    callId,
    legId: call.legId,
    playbackId,
    result: ok ? 'played' : 'failed',
    listenUntil: listen === null ? null : after(turn.now, listen),
  });
  if (call.stage.kind === 'closing') return hangUpLeg(turn, call.legId, 'said goodbye');
  if (call.stage.kind === 'waiting') turn.emit({ type: 'MusicStarted', callId, legId: call.legId });
  if (flow) carryOut(turn, callId, flow, actions, null);
}

const here = (call: Call) => ({ node: call.node as NodeName, attempts: call.attempts });

function flowOf(turn: Turn, call: Call): Flow | null {
  return (call.flow && turn.rules.flows.get(call.flow.id)) ?? null;
}

function advance(turn: Turn, callId: CallId, flow: Flow, input: FlowInput): void {
  const call = turn.world.calls.get(callId);
  if (!call) return;
  const actions = flowStep(flow, here(call), input);
  carryOut(turn, callId, flow, actions, input.kind === 'key' ? input.key : null);
}

function carryOut(
  turn: Turn,
  callId: CallId,
  flow: Flow,
  actions: readonly FlowAction[],
  key: string | null,
): void {
  for (const action of actions) {
    const call = turn.world.calls.get(callId);
    if (!call) return;
    switch (action.kind) {
      case 'key-judged':
        if (action.result !== 'ignored') cutPromptShort(turn, call);
        turn.emit({ type: 'DigitPressed', callId, digit: key ?? '', result: action.result });
        break;
      case 'entered':
        cutPromptShort(turn, call);
        turn.emit({
          type: 'FlowNodeEntered',
          callId,
          flow: flow.id,
          flowVersion: flow.version,
          node: action.node,
        });
        break;
      case 'attempt-failed':
        turn.emit({
          type: 'MenuAttemptFailed',
          callId,
          node: call.node as NodeName,
          because: action.because,
          attempt: action.attempt,
        });
        break;
      case 'served':
        turn.emit({ type: 'CallerSelfServed', callId, node: call.node as NodeName });
        break;
      case 'play':
        play(turn, call, action.prompts);
        break;
      case 'listen':
        break; // the deadline went into PromptFinished
      case 'enqueue':
        enqueue(turn, call, flow, action);
        break;
      case 'hang-up':
        turn.emit({
          type: 'CallClosing',
          callId,
          outcome: outcomeOf(call, 'system'),
          because: `flow ended at ${call.node}`,
        });
        hangUpLeg(turn, call.legId, `flow ended at ${call.node}`);
        break;
      default:
        action satisfies never;
    }
  }
}

function enqueue(turn: Turn, call: Call, flow: Flow, to: Extract<FlowAction, { kind: 'enqueue' }>): void {
  const definition = turn.rules.centre.queues.get(to.queue);
  if (!definition || call.hotline === null)
    throw new Error(`flow ${flow.id} queues into ${to.queue}, which is not there`);
  const before = turn.world.lines.get(to.queue) ?? [];
  const visitId = turn.ids.next('visit') as VisitId;
  const ahead = before.filter((v) => v.priority >= to.priority).length;
  turn.emit({
    type: 'CallQueued',
    callId: call.id,
    legId: call.legId,
    visitId,
    queue: to.queue,
    hotline: call.hotline,
    priority: to.priority,
    position: ahead + 1,
    waitUntil: after(turn.now, definition.maxWaitMs),
    because: `flow ${flow.id}, ${call.node}`,
  });
  if (before.length >= definition.maxWaiting) flowOut(turn, call.id, 'queue-full');
  else if (to.prompts.length > 0) play(turn, call, to.prompts);
  else turn.emit({ type: 'MusicStarted', callId: call.id, legId: call.legId });
}

/** Takes a waiting caller out of the queue unserved, and on to what the flow says for that case. */
export function flowOut(turn: Turn, callId: CallId, why: 'max-wait' | 'queue-full'): void {
  const call = turn.world.calls.get(callId);
  if (call?.stage.kind !== 'waiting' || call.hotline === null) return;
  const { visitId, queue } = call.stage;
  const visit = (turn.world.lines.get(queue) ?? [])[
    positionOf(turn.world.lines.get(queue) ?? [], visitId) - 1
  ];
  if (!visit) return;
  turn.emit({
    type: 'VisitEnded',
    callId,
    visitId,
    queue,
    hotline: call.hotline,
    outcome: 'flow_out',
    flowOutReason: why,
    queuedAt: visit.queuedAt,
    waitMs: Math.max(0, turn.now - visit.queuedAt),
    agent: null,
    priority: visit.priority,
  });
  const flow = flowOf(turn, call);
  const node = flow && call.node ? flow.nodes.get(call.node) : undefined;
  if (flow && node?.kind === 'enqueue')
    enterFlow(turn, callId, flow, why === 'max-wait' ? node.onTimeout : node.onFull);
  else hangUpLeg(turn, call.legId, why);
}
