import { join } from 'node:path';
import type { Rules } from '../calls/turn.ts';
import type { Config } from '../config.ts';
import { type Calendar, calendarAt, localMomentIn } from '../ivr/calendar.ts';
import type { Lookups } from '../ivr/lookups.ts';
import { localDayIn } from '../kpi/local-day.ts';
import type { TodayRules } from '../kpi/today.ts';
import { loadCalendar } from '../runtime/calendar-file.ts';
import { loadCentre } from '../runtime/centre-file.ts';
import { flowStoreOf, loadFlowsInForce } from '../runtime/flows-in-force.ts';
import { LiveFlowShelf } from '../runtime/live-flow-shelf.ts';
import { loadLookups } from '../runtime/lookups-file.ts';
import { type Credentials, readCredentials, readSecrets, type Secrets } from '../runtime/secrets.ts';

/** What a controller works by: read and checked once, before it touches anything. */
export type Definitions = {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly credentials: Credentials;
  readonly rules: Rules;
  readonly lookups: Lookups;
  /** The same as in `rules`, where a new version can be put. */
  readonly flows: LiveFlowShelf;
  readonly calendar: Calendar;
  readonly todayRules: TodayRules;
};

/** @throws {SecretsError | CentreError} naming the file and what is wrong with it */
export function readDefinitions(config: Config): Definitions {
  const secrets = readSecrets(config.secretsFile);
  const credentials = readCredentials(config.credentialsFile);
  const dialplans = join(config.repoDir, 'dialplans');
  const centre = loadCentre(config.centreFile, config.timeZone);
  const flows = new LiveFlowShelf(loadFlowsInForce(config, centre), flowStoreOf(config));
  const todayRules = {
    localDay: localDayIn(config.timeZone),
    thresholdsOf: (queue: Parameters<typeof centre.queues.get>[0]) => centre.queues.get(queue),
  };
  const calendar = loadCalendar(join(dialplans, 'calendar.yaml'));
  const lookups = loadLookups(config.lookupsFile);
  const momentOf = localMomentIn(config.timeZone);
  const rules: Rules = {
    centre,
    flows,
    calendar: (at) => calendarAt(calendar, momentOf(at)),
    timeZone: config.timeZone,
    dialsOut: config.outboundTrunk !== null,
    switches: new Set(calendar.switches.keys()),
    // One that is not there any more fails at once; a former version of a flow may still name it.
    lookupTimeoutMs: (lookup) => lookups.lookups.get(lookup)?.timeoutMs ?? 0,
  };
  return { config, secrets, credentials, rules, lookups, flows, calendar, todayRules };
}
