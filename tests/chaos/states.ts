import { stateOf } from '../../services/agents/agent.ts';
import { stageOf } from '../../services/calls/call.ts';
import { type FeatureCode, featureCodeOf } from '../../services/calls/feature-codes.ts';
import { parseTimerId, type TimerKind } from '../../services/calls/timers.ts';
import type { World } from '../../services/calls/world.ts';
import type { TimerId } from '../../services/events/ids.ts';
import type { AgentStateName, CallStage } from '../../services/events/vocabulary.ts';
import type { Flow, FlowNode } from '../../services/ivr/flow.ts';

/** Every state the controller can be killed in: one name for each word of the vocabulary. */
export type StateName =
  | `call ${CallStage}`
  | `node ${FlowNode['kind']}`
  | `agent ${AgentStateName}`
  | `timer ${TimerKind}`
  | `code ${FeatureCode}`;

/**
 * The scenes in which the controller is killed (every-state.test.ts). The first three are played on real parts; the states of the last
 * last milliseconds there, or hours, and are brought about on simulated time. In nodes that take no time nobody can be met (`never`).
 */
export const scenes = ['a busy hour', 'in mid-sentence', 'goodbye', 'on simulated time', 'never'] as const;
export type Scene = (typeof scenes)[number];

/**
 * The registry: in which scene the controller is killed in this state, and what must hold afterwards. A new stage, node kind, agent
 * state, timer kind or feature code without an entry does not compile; a scene fails when one of its states is not there at the
 * moment of the kill.
 */
export const states: Readonly<Record<StateName, { scene: Scene; holds: string }>> = {
  'call arriving': { scene: 'on simulated time', holds: 'it is picked up and greeted' },
  'call ivr': { scene: 'a busy hour', holds: 'the menu goes on, and keys are heard' },
  'call waiting': { scene: 'a busy hour', holds: 'the caller keeps place and waiting time' },
  'call ringing': { scene: 'a busy hour', holds: 'the phone rings on, once, and connects' },
  'call talking': { scene: 'a busy hour', holds: 'the sound goes on, without the controller too' },
  'call closing': { scene: 'in mid-sentence', holds: 'the call ends as it was going to' },
  'node announce': { scene: 'in mid-sentence', holds: 'what follows the announcement is reached' },
  'node menu': { scene: 'a busy hour', holds: 'keys are heard' },
  'node enqueue': { scene: 'a busy hour', holds: 'the caller waits and is connected' },
  'node say': { scene: 'on simulated time', holds: 'it is said anew, with the value known before' },
  'node collect': { scene: 'on simulated time', holds: 'it is asked for anew, and can be keyed in' },
  'node lookup': { scene: 'on simulated time', holds: 'it is looked up again, and the caller goes on' },
  'node survey': { scene: 'on simulated time', holds: 'the score is taken' },
  'node voicemail': { scene: 'on simulated time', holds: 'the recorder goes on, or what was said is kept' },
  'node transfer': { scene: 'on simulated time', holds: 'the number rings on, and both talk' },
  'node offer-callback': { scene: 'never', holds: 'no time passes in it' },
  'node branch': { scene: 'never', holds: 'no time passes in it' },
  'node set': { scene: 'never', holds: 'no time passes in it' },
  'node goto': { scene: 'never', holds: 'no time passes in it' },
  'node hang-up': { scene: 'goodbye', holds: 'the caller is let go by us' },
  'agent signed-out': { scene: 'a busy hour', holds: 'the phone does not ring' },
  'agent not-ready': { scene: 'a busy hour', holds: 'the phone does not ring, the reason is kept' },
  'agent available': { scene: 'a busy hour', holds: 'the next caller rings the phone' },
  'agent unreachable': { scene: 'a busy hour', holds: 'unreachable until the phone is back, then available' },
  'agent ringing': { scene: 'a busy hour', holds: 'the phone rings on, and is answered' },
  'agent on-call': { scene: 'a busy hour', holds: 'the conversation goes on, the agent is free afterwards' },
  'agent on-hold': { scene: 'a busy hour', holds: 'the caller is taken back; the hold is in the record' },
  'agent wrapping-up': { scene: 'a busy hour', holds: 'it lasts as long as it should' },
  'timer pick-up': { scene: 'on simulated time', holds: 'a caller who cannot be picked up is let go' },
  'timer playback': { scene: 'in mid-sentence', holds: 'what follows the prompt is reached' },
  'timer listen': { scene: 'a busy hour', holds: 'the menu goes on' },
  'timer lookup': { scene: 'on simulated time', holds: 'a source that never answers keeps nobody' },
  'timer recording': { scene: 'on simulated time', holds: 'a recording whose end is never told is kept' },
  'timer callback': { scene: 'on simulated time', holds: 'the callback is made, at the place that was kept' },
  'timer wait-announcement': { scene: 'on simulated time', holds: 'the caller is told at the usual time' },
  'timer ring': { scene: 'a busy hour', holds: 'the ring is answered, or given up in time' },
  'timer max-wait': { scene: 'a busy hour', holds: 'counted from the beginning of the wait' },
  'timer overflow-step': {
    scene: 'on simulated time',
    holds: 'the step comes when it is due, however long we were away',
  },
  'timer last-agent': {
    scene: 'on simulated time',
    holds: 'the caller waits for that agent, and for no longer',
  },
  'timer wrap-up': { scene: 'a busy hour', holds: 'it ends when it is due, not when we are back' },
  'timer hang-up': { scene: 'on simulated time', holds: 'the leg is ended although the order was lost' },
  'timer longest-call': { scene: 'on simulated time', holds: 'the call is ended in the end' },
  'timer node-away': {
    scene: 'on simulated time',
    holds: 'calls of a node that stays away are closed as of the last contact',
  },
  'code *11': { scene: 'in mid-sentence', holds: 'the agent is available when that call is over' },
  'code *12': { scene: 'in mid-sentence', holds: 'the agent is not ready' },
  'code *10': { scene: 'in mid-sentence', holds: 'the agent is signed out' },
};

/** The states that are to be there when the controller is killed in this scene. */
export const statesOf = (scene: Scene): StateName[] =>
  (Object.keys(states) as StateName[]).filter((name) => states[name].scene === scene);

/** All states that are so in a world. */
export function statesIn(world: World, flows: ReadonlyMap<Flow['id'], Flow>): Set<StateName> {
  const found = new Set<StateName>();
  for (const call of world.calls.values()) {
    found.add(`call ${stageOf(call)}`);
    const node = call.flow && call.node ? flows.get(call.flow.id)?.nodes.get(call.node) : undefined;
    if (node) found.add(`node ${node.kind}`);
    const code = featureCodeOf(call);
    if (code) found.add(`code ${code}`);
  }
  for (const agent of world.agents.values()) found.add(`agent ${stateOf(agent)}`);
  for (const timer of world.timers.keys()) found.add(`timer ${parseTimerId(timer as TimerId).kind}`);
  return found;
}
