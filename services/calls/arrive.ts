import { type AgentId, asId, type CallId, type HotlineId } from '../events/ids.ts';
import type { Centre } from './centre.ts';
import { closeWith } from './closing.ts';
import { carryOutFeatureCode, featureCodeOf } from './feature-codes.ts';
import { enterFlow } from './in-flow.ts';
import { customerAnswered } from './make-callback.ts';
import { dialFromPhone } from './outgoing.ts';
import { agentIsCaller } from './own-call.ts';
import type { TelephonyFact } from './telephony.ts';
import type { Turn } from './turn.ts';

type Arrived = Extract<TelephonyFact, { kind: 'arrived' }>;

/** An INVITE reached us: it is recorded before anything else is done with it. A repeated report of the same leg changes nothing. */
export function arrive(turn: Turn, fact: Arrived): void {
  if (turn.world.legs.has(fact.legId)) return;
  const { centre } = turn.rules;
  turn.emit({
    type: 'CallArrived',
    callId: asId<CallId>(fact.legId),
    legId: fact.legId,
    nodeId: fact.nodeId,
    source: fact.source,
    callerNumber: fact.callerNumber,
    dialledNumber: fact.dialledNumber,
    hotline: hotlineOf(centre, fact.dialledNumber),
    sipCallId: fact.sipCallId,
    agent: fact.source === 'agent' ? agentOfAccount(fact.account) : null,
  });
}

/** The caller hears us now: begin. */
export function pickedUp(turn: Turn, callId: CallId): void {
  const call = turn.world.calls.get(callId);
  if (call?.stage.kind === 'calling') return customerAnswered(turn, call);
  if (call?.stage.kind !== 'arriving') return;
  turn.emit({ type: 'CallPickedUp', callId, legId: call.legId });
  const code = featureCodeOf(call);
  if (code) return carryOutFeatureCode(turn, call, code);
  if (call.hotline === null && dialFromPhone(turn, call)) return;
  const hotline = call.hotline === null ? undefined : turn.rules.centre.hotlines.get(call.hotline);
  const flow = hotline && turn.rules.flows.inForce(hotline.flow);
  if (!flow) {
    return closeWith(turn, call, {
      prompts: [asId('number-not-in-service')],
      outcome: 'failed',
      because: `nothing answers to ${call.dialledNumber}`,
    });
  }
  agentIsCaller(turn, call);
  enterFlow(turn, call.id, flow, flow.start);
}

/** The hotline that a number reaches; null when it is none of ours. */
export function hotlineOf(centre: Centre, number: string): HotlineId | null {
  for (const hotline of centre.hotlines.values()) if (hotline.numbers.includes(number)) return hotline.id;
  return null;
}

/** An agent's browser phone is an account of its own: `1001-web` is agent 1001. */
const agentOfAccount = (account: string) => asId<AgentId>(account.replace(/-web$/, ''));
