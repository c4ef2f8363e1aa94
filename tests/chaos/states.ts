import type { FeatureCode } from '../../services/calls/feature-codes.ts';
import type { TimerKind } from '../../services/calls/timers.ts';
import type { AgentStateName, CallStage } from '../../services/events/vocabulary.ts';
import type { FlowNode } from '../../services/ivr/flow.ts';

/** Every state the controller can be killed in: one name for each word of the vocabulary. */
export type StateName =
  | `call ${CallStage}`
  | `node ${FlowNode['kind']}`
  | `agent ${AgentStateName}`
  | `timer ${TimerKind}`
  | `code ${FeatureCode}`;

/**
 * The registry: what must hold after `kill -9` of the controller in each state. A new stage, node kind, agent state, timer kind or
 * feature code without an entry does not compile.
 */
export const states: Readonly<Record<StateName, string>> = {
  'call arriving': 'it is picked up and greeted, or served by the fallback',
  'call ivr': 'the caller hears the node once more and goes on',
  'call waiting': 'the caller keeps place and waiting time',
  'call ringing': 'the phone rings on and connects, or the caller is matched again',
  'call talking': 'the sound goes on',
  'call closing': 'the call ends as it was going to',
  'node announce': 'what follows the announcement is heard',
  'node menu': 'keys are heard',
  'node enqueue': 'the caller waits, with music, and is connected',
  'node hang-up': 'the call is ended by us',
  'agent signed-out': 'nobody rings the phone',
  'agent not-ready': 'nobody rings the phone',
  'agent available': 'the next caller rings the phone',
  'agent unreachable': 'nobody rings until the phone is back',
  'agent ringing': 'the phone rings on, and answers',
  'agent on-call': 'the conversation goes on',
  'agent on-hold': 'the caller is taken back, and the hold is in the record',
  'agent wrapping-up': 'it ends when it is due',
  'timer pick-up': 'a caller who cannot be picked up is let go',
  'timer playback': 'a prompt whose end is not told does not last for ever',
  'timer listen': 'silence is answered as ever',
  'timer ring': 'the ring is given up in time',
  'timer max-wait': 'the caller is told that it takes too long, counted from the beginning of the wait',
  'timer wrap-up': 'it ends when it is due',
  'timer hang-up': 'the leg is ended',
  'timer longest-call': 'the call is ended in the end',
  'timer node-away': 'calls of a node that stays away are closed as of the last contact',
  'code *11': 'the agent is available',
  'code *12': 'the agent is not ready',
  'code *10': 'the agent is signed out',
};
