import type { CallCommand, CallTarget } from '../agents/call-commands.ts';
import type { CommandResult } from '../agents/commands.ts';
import { type AgentId, asId, type LegId } from '../events/ids.ts';
import type { ConsultParty } from '../events/passing-on.ts';
import { byTransferKey } from '../events/vocabulary.ts';
import type { Call } from './call.ts';
import { controlCall } from './control-call.ts';
import type { TelephonyFact } from './telephony.ts';
import type { Turn } from './turn.ts';

type Asked = Extract<TelephonyFact, { kind: 'transfer-asked' }>;

/**
 * An agent pressed the transfer key of their phone: what the desk's "transfer" does, to whoever was dialled, or its "complete" where they are
 * being asked for advice. The phone is always told what came of it; refused, the call goes on.
 */
export function transferKeyPressed(turn: Turn, { legId, to }: Asked): void {
  const leg = turn.world.legs.get(legId);
  const call = leg && turn.world.calls.get(leg.callId);
  if (!leg || !call) return;
  const agent = leg.role === 'agent' ? leg.agent : leg.id === call.legId ? call.dialledBy : null;
  const answered = (because: string | null): void => {
    turn.emit({
      type: 'TransferKeyAnswered',
      callId: call.id,
      legId,
      agent,
      to: to.kind === 'number' ? to.number : '',
      accepted: because === null,
      because: because ?? '',
    });
  };
  if (agent === null) return answered('only agents pass callers on');
  const result = carryOut(turn, call, agent, legId, to, () => answered(null));
  if (!result.ok) answered(result.message);
}

function carryOut(
  turn: Turn,
  call: Call,
  agent: AgentId,
  legId: LegId,
  to: Asked['to'],
  onAccepted: () => void,
): CommandResult {
  const no = (message: string): CommandResult => ({ ok: false, code: 'not-now', message });
  const work = turn.world.agents.get(agent)?.work;
  if (work?.kind !== 'talking' || work.legId !== legId) return no(`agent ${agent} speaks with nobody here`);
  const byKey = { onAccepted };
  if (to.kind === 'other-call') return no('another call of the phone cannot be joined with this one');
  if (isAsked(call, to.number)) return controlCall(turn, { agent, kind: 'complete-transfer' }, byKey);
  const command: CallCommand = {
    agent,
    kind: 'transfer',
    to: targetOf(turn, to.number),
    reason: byTransferKey,
  };
  return controlCall(turn, command, byKey);
}

/** Whether this is the number of who is being asked for advice about the call. */
function isAsked({ stage, consult }: Call, number: string): boolean {
  return consult ? stage.kind === 'talking' && number === numberOf(consult.party) : false;
}

const numberOf = (party: ConsultParty): string => (party.kind === 'agent' ? party.agent : party.number);

/** Whom a number means: an agent, a queue by its name, or somebody outside. */
function targetOf({ rules }: Turn, number: string): CallTarget {
  if (rules.centre.agents.has(asId(number))) return { kind: 'agent', agent: asId(number) };
  if (rules.centre.queues.has(asId(number))) return { kind: 'queue', queue: asId(number) };
  return { kind: 'outside', number };
}
