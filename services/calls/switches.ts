import type { Command, CommandResult } from '../agents/commands.ts';
import type { Turn } from './turn.ts';
import { switchKey } from './world.ts';

/** A lead turns something on or off for a hotline; flows look at it when they branch, so it holds from the next caller on. */
export function setSwitch(turn: Turn, command: Extract<Command, { kind: 'set-switch' }>): CommandResult {
  const { hotline, name, on, by } = command;
  if (!turn.rules.centre.hotlines.has(hotline))
    return { ok: false, code: 'unknown-hotline', message: `there is no hotline ${hotline}` };
  if (!turn.rules.switches.has(name))
    return { ok: false, code: 'unknown-switch', message: `there is no switch ${name}` };
  if ((turn.world.switches.get(switchKey(hotline, name))?.on ?? false) !== on)
    turn.emit({ type: 'SwitchChanged', hotline, name, on, by });
  return { ok: true };
}
