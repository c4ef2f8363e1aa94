import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type EventId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';

/** Events of a journal of this name, numbered. They differ in length as real ones do. */
export function journalEvents(journalId: string, from: number, to: number, text = ''): HotlineEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const seq = from + index;
    return {
      type: 'NodeLost',
      nodeId: asId('n1'),
      because: `${text}${'because '.repeat(seq % 40)}${seq}`,
      eventId: asId<EventId>(`${journalId}-${seq}`),
      seq,
      at: instant(1_700_000_000_000 + seq),
    };
  });
}
