import { join } from 'node:path';
import { loadCalendar } from '../../services/runtime/calendar-file.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { loadFlows } from '../../services/runtime/flow-files.ts';
import type { TrialWorld } from '../../services/runtime/flow-test-files.ts';
import { loadLookups } from '../../services/runtime/lookups-file.ts';

const dialplans = join(import.meta.dirname, '../../dialplans');
export const ivrDir = join(dialplans, 'ivr');
export const demoLookups = loadLookups(join(dialplans, 'lookups.yaml'));
const centre = loadCentre(join(dialplans, 'centre.yaml'));

/** The demo's centre, flows and calendar, for trying flows out. */
export const demoWorld: TrialWorld = {
  centre,
  flows: loadFlows(ivrDir, join(dialplans, 'prompts'), centre),
  calendar: loadCalendar(join(dialplans, 'calendar.yaml')),
  timeZone: 'Asia/Shanghai',
};
