import type { HotlineId } from '../events/ids.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/** What may be dialled whatever a pattern says: digits alone. */
const plainNumber = /^\+?[0-9]{2,20}$/;

/** Whether this number may be called from here: there is a trunk, and the centre's patterns let it pass. */
export function mayCall({ rules }: Turn, number: string): boolean {
  const { outbound } = rules.centre;
  return rules.dialsOut && plainNumber.test(number) && outbound.numbers.some((one) => one.test(number));
}

/** What is shown to whom we call: the hotline's own number. */
export function shownNumber({ rules }: Turn, hotline: HotlineId | null): string {
  return (hotline && rules.centre.hotlines.get(hotline)?.numbers[0]) ?? '';
}

/** Says in the timeline why a number is not called. */
export function refuseNumber(turn: Turn, call: Call, number: string): void {
  turn.emit({
    type: 'OrderFailed',
    callId: call.id,
    order: 'dial-out',
    target: number,
    reason: turn.rules.dialsOut
      ? 'refused: no pattern of outbound.numbers in the centre file lets this number be called'
      : 'refused: there is no trunk for calls of ours (HOTLINE_OUTBOUND_TRUNK)',
  });
}
