import type { Call } from './call.ts';
import { closeWith } from './closing.ts';
import { flowOf } from './flow-context.ts';
import { enterFlow } from './in-flow.ts';
import { queueUpAgain } from './queue-up.ts';
import type { Turn } from './turn.ts';

/**
 * Nobody speaks with the caller any more, and it is not the caller's doing: the caller is told, and goes to the head of the queue rather than
 * being cut off. One who came by no flow (whom we called back, say) waits where the conversation came from.
 */
export function takeBack(turn: Turn, before: Call, because: string): void {
  const call = turn.world.calls.get(before.id);
  if (!call || call.callerGone) return;
  const flow = flowOf(turn, call);
  if (flow) return enterFlow(turn, call.id, flow, flow.agentLost);
  if (call.lastQueue === null || call.hotline === null || !turn.rules.centre.queues.has(call.lastQueue))
    return closeWith(turn, call, { prompts: [], outcome: 'failed', because });
  queueUpAgain(turn, call, call.lastQueue, because);
  turn.emit({ type: 'MusicStarted', callId: call.id, legId: call.legId });
}
