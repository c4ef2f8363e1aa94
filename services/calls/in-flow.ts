import type { CallId, NodeName, PlaybackId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import type { Flow, FlowNode } from '../ivr/flow.ts';
import { type FlowAction, type FlowInput, flowStep } from '../ivr/interpreter.ts';
import { pickedUp } from './arrive.ts';
import type { Call } from './call.ts';
import { promiseCallback } from './callback.ts';
import type { FlowExit } from './centre.ts';
import { closeWith, cutPromptShort, hangUpLeg, hearerOf, play } from './closing.ts';
import { contextOf, flowOf, positionIn } from './flow-context.ts';
import type { LookupAnswer } from './lookup.ts';
import { askFor, endLookup, openLookup } from './lookups.ts';
import { outcomeOf } from './outcome.ts';
import type { SentAway } from './overflow.ts';
import { leaveUnserved, queueOn, queueUp } from './queue-up.ts';
import { surveyAnswered } from './survey.ts';
import { startTransfer } from './transfer.ts';
import type { Turn } from './turn.ts';
import { startVoicemail } from './voicemail.ts';
import { isLost } from './world.ts';

export function enterFlow(turn: Turn, callId: CallId, flow: Flow, node: NodeName): void {
  const call = turn.world.calls.get(callId);
  if (!call) return;
  const actions = flowStep(flow, positionIn(call, node), { kind: 'enter', node }, contextOf(turn, call));
  carryOut(turn, callId, actions, null);
}

/** The node is begun anew: said once more, asked once more. One that its flow has lost since is the flow's start. */
export function enterAgain(turn: Turn, call: Call): void {
  const flow = flowOf(turn, call);
  if (!flow || call.node === null) return;
  endLookup(turn, call.id, 'asked-again', 'the connection was away');
  enterFlow(turn, call.id, flow, flow.nodes.has(call.node) ? call.node : flow.start);
}

export function keyPressed(turn: Turn, callId: CallId, digit: string): void {
  // A key pressed as the answer arrives: whoever presses keys hears us.
  if (turn.world.calls.get(callId)?.stage.kind === 'arriving') pickedUp(turn, callId);
  const call = turn.world.calls.get(callId);
  if (!call || call.callerGone) return;
  const inFlow = call.stage.kind === 'ivr' || call.stage.kind === 'waiting';
  const elsewhere = call.recording !== null || call.transfer !== null;
  if (!inFlow || elsewhere || !flowOf(turn, call) || call.node === null) {
    turn.emit({ type: 'DigitPressed', callId, digit, result: 'ignored' });
    return;
  }
  advance(turn, callId, { kind: 'key', key: digit });
}

/** Silence for as long as the node listens. */
export function listenedInVain(turn: Turn, callId: CallId): void {
  if (turn.world.calls.get(callId)?.stage.kind === 'ivr') advance(turn, callId, { kind: 'silence' });
}

/** A data source answered, or was given up. An answer nobody waits for changes nothing; one that comes while the node is lost is asked for anew. */
export function lookupEnded(turn: Turn, answer: Omit<LookupAnswer, 'kind'>): void {
  for (const call of turn.world.calls.values()) {
    if (openLookup(call)?.id !== answer.lookupId) continue;
    if (call.callerGone || isLost(turn.world, call.nodeId)) return;
    endLookup(turn, call.id, answer.result, answer.because);
    if (call.node !== null && Object.keys(answer.values).length > 0)
      turn.emit({ type: 'FlowValuesSet', callId: call.id, node: call.node, values: { ...answer.values } });
    const result = answer.result === 'timed-out' ? 'failed' : answer.result;
    return advance(turn, call.id, { kind: 'lookup-ended', result });
  }
}

/** A prompt ended by itself. One that was cut short, or belongs to a step long left, is no longer the call's playback and changes nothing. */
export function playbackFinished(turn: Turn, callId: CallId, playbackId: PlaybackId, ok: boolean): void {
  const call = turn.world.calls.get(callId);
  if (!call || call.callerGone || call.playback !== playbackId) return;
  const actions = call.stage.kind === 'ivr' ? stepOf(turn, call, { kind: 'prompt-finished' }) : [];
  const listen = actions[0]?.kind === 'listen' ? actions[0].ms : null;
  turn.emit({
    type: 'PromptFinished',
    callId,
    legId: hearerOf(call),
    playbackId,
    result: ok ? 'played' : 'failed',
    listenUntil: listen === null ? null : after(turn.now, listen),
  });
  if (call.stage.kind === 'closing') return hangUpLeg(turn, call.legId, 'said goodbye');
  if (call.stage.kind === 'waiting') turn.emit({ type: 'MusicStarted', callId, legId: call.legId });
  carryOut(turn, callId, actions, null);
}

/** Lets something happen to a caller in a flow. */
export function advance(turn: Turn, callId: CallId, input: FlowInput): void {
  const call = turn.world.calls.get(callId);
  if (call) carryOut(turn, callId, stepOf(turn, call, input), input.kind === 'key' ? input.key : null);
}

function stepOf(turn: Turn, call: Call, input: FlowInput): FlowAction[] {
  const flow = flowOf(turn, call);
  if (!flow || call.node === null) return [];
  const context = contextOf(turn, call);
  if (flow.nodes.has(call.node)) return flowStep(flow, positionIn(call, call.node), input, context);
  // The version the call began with is nowhere to be found, and the one in force has no such node.
  return flowStep(flow, positionIn(call, flow.start), { kind: 'enter', node: flow.start }, context);
}

function carryOut(turn: Turn, callId: CallId, actions: readonly FlowAction[], key: string | null): void {
  for (const action of actions) {
    const call = turn.world.calls.get(callId);
    if (!call) return;
    switch (action.kind) {
      case 'key-judged':
        if (action.result !== 'ignored') cutPromptShort(turn, call);
        turn.emit({
          type: 'DigitPressed',
          callId,
          digit: key ?? '',
          result: action.result,
          ...(action.entry !== undefined && { entry: action.entry }),
          ...(action.listenMs !== undefined && { listenUntil: after(turn.now, action.listenMs) }),
        });
        break;
      case 'entered':
        cutPromptShort(turn, call);
        endLookup(turn, callId, 'caller-left', 'the caller went on without it');
        turn.emit({
          type: 'FlowNodeEntered',
          callId,
          flow: action.flow,
          flowVersion: action.version,
          node: action.node,
          ...(action.trail && { trail: [...action.trail] }),
        });
        break;
      case 'attempt-failed': {
        const { because, attempt } = action;
        turn.emit({ type: 'MenuAttemptFailed', callId, node: call.node as NodeName, because, attempt });
        break;
      }
      case 'served':
        turn.emit({ type: 'CallerSelfServed', callId, node: call.node as NodeName });
        break;
      case 'set':
        turn.emit({
          type: 'FlowValuesSet',
          callId,
          node: call.node as NodeName,
          values: { ...action.values },
        });
        break;
      case 'survey-answered':
        surveyAnswered(turn, call, action);
        break;
      case 'play':
        play(turn, call, action.prompts);
        break;
      case 'look-up':
        askFor(turn, callId, action);
        break;
      case 'listen':
        break; // the deadline went into PromptFinished
      case 'leave-queue':
        cutPromptShort(turn, call);
        leaveUnserved(turn, call, 'caller-chose');
        break;
      case 'enqueue':
        enqueue(turn, call, action);
        break;
      case 'offer-callback':
        advance(turn, callId, { kind: 'done', ok: promiseCallback(turn, call, action) });
        break;
      case 'record':
        if (!startVoicemail(turn, call, action)) advance(turn, callId, { kind: 'done', ok: false });
        break;
      case 'transfer':
        if (!startTransfer(turn, call, action)) advance(turn, callId, { kind: 'done', ok: false });
        break;
      case 'close': {
        const served = call.closingAs ?? (call.selfServed ? 'self_served' : null);
        closeWith(turn, call, {
          prompts: action.prompts,
          outcome: served ?? action.outcome,
          because: `flow ended at ${call.node}`,
        });
        break;
      }
      case 'hang-up':
        closeWith(turn, call, {
          prompts: [],
          outcome: outcomeOf(call, 'system'),
          because: `flow ended at ${call.node}`,
        });
        break;
      default:
        action satisfies never;
    }
  }
}

function enqueue(turn: Turn, call: Call, action: Extract<FlowAction, { kind: 'enqueue' }>): void {
  const away = queueUp(turn, call, action);
  // Sent on to another queue they wait just as well.
  if (away && !flowOut(turn, call.id, away)) return;
  if (action.prompts.length > 0) play(turn, call, action.prompts);
  else turn.emit({ type: 'MusicStarted', callId: call.id, legId: call.legId });
}

/**
 * Takes a waiting caller out of the queue unserved, and on to another queue, or to what the flow says for that case.
 * @returns whether they wait in another queue now
 */
export function flowOut(turn: Turn, callId: CallId, { why, gets }: SentAway): boolean {
  const before = turn.world.calls.get(callId);
  if (!before || !leaveUnserved(turn, before, why)) return false;
  const call = turn.world.calls.get(callId) ?? before;
  if (gets.kind === 'queue') {
    queueOn(turn, call, gets.queue);
    return true;
  }
  const flow = flowOf(turn, call);
  const node = flow && call.node ? flow.nodes.get(call.node) : undefined;
  if (flow && node?.kind === 'enqueue') enterFlow(turn, callId, flow, wayOn(node, why, gets.kind));
  else closeWith(turn, call, { prompts: [], outcome: 'failed', because: why });
  return false;
}

/** Where the flow goes on for a caller whom its queue node could not have served. */
function wayOn(node: Extract<FlowNode, { kind: 'enqueue' }>, why: SentAway['why'], gets: FlowExit): NodeName {
  const named = gets === 'exit' ? undefined : node.onOverflow.get(gets);
  return named ?? (why === 'queue-full' || why === 'closed' ? node.onFull : node.onTimeout);
}
