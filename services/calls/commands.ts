import type { Command, CommandResult } from '../agents/commands.ts';
import { setAgentState } from './agent-requests.ts';
import { takeBackCallback } from './callback-ended.ts';
import { controlCall } from './control-call.ts';
import { callInReserve, extendWrapUp } from './serving-commands.ts';
import { setSwitch } from './switches.ts';
import type { Turn } from './turn.ts';

/** What a person asked for. */
export function carryOutCommand(turn: Turn, command: Command): CommandResult {
  switch (command.kind) {
    case 'set-agent-state':
      return setAgentState(turn, command);
    case 'set-switch':
      return setSwitch(turn, command);
    case 'cancel-callback':
      return takeBackCallback(turn, command);
    case 'control-call':
      return controlCall(turn, command.control);
    case 'extend-wrap-up':
      return extendWrapUp(turn, command);
    case 'call-in-reserve':
      return callInReserve(turn, command);
    default:
      return command satisfies never;
  }
}
