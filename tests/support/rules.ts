import { join } from 'node:path';
import type { Centre } from '../../services/calls/centre.ts';
import type { Rules } from '../../services/calls/turn.ts';
import type { FlowId } from '../../services/events/ids.ts';
import { calendarAt, localMomentIn } from '../../services/ivr/calendar.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { shelfOf } from '../../services/ivr/flow-shelf.ts';
import { loadCalendar } from '../../services/runtime/calendar-file.ts';

const timeZone = 'Asia/Shanghai';
const calendar = loadCalendar(join(import.meta.dirname, '../../dialplans/calendar.yaml'));
const momentOf = localMomentIn(timeZone);

/** What the engine goes by, with the demo's calendar. */
export const rulesOf = (centre: Centre, flows: ReadonlyMap<FlowId, Flow>): Rules => ({
  centre,
  flows: shelfOf(flows),
  calendar: (at) => calendarAt(calendar, momentOf(at)),
  timeZone,
  dialsOut: true,
  switches: new Set(calendar.switches.keys()),
  lookupTimeoutMs: () => 2_000,
});
