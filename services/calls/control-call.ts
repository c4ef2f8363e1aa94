import type { CallCommand } from '../agents/call-commands.ts';
import type { CommandResult } from '../agents/commands.ts';
import type { Call } from './call.ts';
import { hangUpLeg } from './closing.ts';
import { completeConsult, endConsult, startConsult, turnTo } from './consult.ts';
import { held, resumed } from './conversation.ts';
import { dialFromDesk } from './outgoing.ts';
import { passOn } from './pass-on.ts';
import type { Refused } from './pass-target.ts';
import { arrangeSound, soundOf } from './sound.ts';
import type { Turn } from './turn.ts';
import { isLost } from './world.ts';

const done: CommandResult = { ok: true };
const notNow = (message: string): Refused => ({ ok: false, code: 'not-now', message });

/** The phone's own transfer key asked for it: the phone is told before it is let go, and may have put the caller on hold itself. */
export type ByKey = { readonly onAccepted: () => void };

/** What an agent does with the call on their phone (decision 0026). */
export function controlCall(turn: Turn, control: CallCommand, byKey: ByKey | null = null): CommandResult {
  const { agent: by } = control;
  if (!turn.rules.centre.agents.has(by))
    return { ok: false, code: 'unknown-agent', message: `there is no agent ${by}` };
  if (control.kind === 'dial') return dialFromDesk(turn, control);
  const work = turn.world.agents.get(by)?.work;
  const call = work?.kind === 'talking' ? turn.world.calls.get(work.callId) : undefined;
  if (work?.kind !== 'talking' || !call)
    return { ok: false, code: 'no-call', message: `agent ${by} is in no call` };
  if (isLost(turn.world, call.nodeId)) return notNow('Asterisk cannot be reached at the moment');
  if (control.kind === 'hang-up') {
    // Asked for already: a second click neither counts as an attempt of ours nor puts the guard off.
    if (turn.world.legs.get(work.legId)?.hangUpAttempts !== 0) return done;
    turn.emit({
      type: 'LegHangUpRequested',
      callId: call.id,
      legId: work.legId,
      because: `hung up by ${by}`,
      by: 'agent',
    });
    return done;
  }
  if (call.stage.kind === 'outgoing') return notNow('a call that an agent makes is not passed on');
  if (work.legId === call.legId) return notNow(`agent ${by} is the caller of this call`);
  if (call.stage.kind !== 'talking' || call.stage.agent !== by)
    return notNow('the call is with a colleague, who asked for advice');
  if (turn.world.legs.get(work.legId)?.hangUpAttempts !== 0) return notNow('the call is being ended');
  return carryOut(turn, call, control, byKey);
}

type Control = Exclude<CallCommand, { kind: 'dial' | 'hang-up' }>;

function carryOut(turn: Turn, call: Call, control: Control, byKey: ByKey | null): CommandResult {
  const { stage, consult } = call;
  if (stage.kind !== 'talking') return notNow('there is no conversation');
  const { agent: by, kind } = control;
  const onHold = stage.heldSince !== null;
  switch (kind) {
    case 'hold':
    case 'resume': {
      if (consult) return notNow('advice is being taken: swap, or end it, to speak with the caller');
      if (stage.heldByPhone && kind === 'resume')
        return notNow('the caller was put on hold with the phone, which takes them back');
      if (onHold === (kind === 'hold')) return done;
      const before = soundOf(call);
      if (control.kind === 'hold')
        held(turn, call, { reason: control.reason, promisedMs: control.promisedMs });
      else resumed(turn, call);
      arrangeSound(turn, call.id, before);
      return done;
    }
    case 'transfer':
    case 'consult':
      if (consult) return notNow('advice is being taken already');
      if (stage.heldByPhone && !byKey)
        return notNow('the caller was put on hold with the phone: take them back first');
      return kind === 'transfer'
        ? passOn(turn, call, control, byKey?.onAccepted)
        : startConsult(turn, call, control);
    case 'end-consult':
      if (!consult) return notNow('nobody is asked for advice');
      endConsult(turn, call, 'ended', `advice ended by ${by}`);
      return done;
    case 'swap':
    case 'conference':
    case 'complete-transfer':
      break;
    default:
      return control satisfies never;
  }
  if (!consult) return notNow('nobody is asked for advice');
  if (consult.answeredAt === null) return notNow('whoever is asked has not answered yet');
  switch (kind) {
    case 'swap':
      if (consult.speaksWith === 'all') return notNow('all three speak with each other');
      turnTo(turn, call, by, consult.speaksWith === 'target' ? 'caller' : 'target');
      return done;
    case 'conference':
      if (consult.speaksWith !== 'all') turnTo(turn, call, by, 'all');
      return done;
    case 'complete-transfer':
      byKey?.onAccepted();
      completeConsult(turn, call, 'system', 'normal');
      hangUpLeg(turn, stage.agentLegId, 'left the caller with whom was asked');
      return done;
    default:
      return kind satisfies never;
  }
}
