import type { Command } from '../agents/commands.ts';
import type { TimerId } from '../events/ids.ts';
import type { LookupAnswer } from './lookup.ts';
import type { TelephonyFact } from './telephony.ts';

/** Everything that can happen to the controller, one at a time. */
export type Input =
  | { kind: 'fact'; fact: TelephonyFact }
  | { kind: 'command'; command: Command }
  | LookupAnswer
  | { kind: 'timer'; timer: TimerId };
