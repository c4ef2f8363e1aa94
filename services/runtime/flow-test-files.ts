import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Centre } from '../calls/centre.ts';
import { asId, type FlowId } from '../events/ids.ts';
import { instant } from '../events/instant.ts';
import { type Calendar, calendarAt, localMomentIn } from '../ivr/calendar.ts';
import type { Flow } from '../ivr/flow.ts';
import { type FlowTestText, flowTestsText } from '../ivr/flow-test-text.ts';
import { answersInTurn, type TrialSetting } from '../ivr/trial/setting.ts';
import { CentreError, readText } from './centre-file.ts';
import { readYaml } from './read-yaml.ts';

/** The tests that stand beside one flow. */
export type FlowTests = {
  readonly file: string;
  readonly flow: FlowId;
  readonly tests: readonly FlowTestText[];
};

/**
 * Reads every `*.test.yaml` in the folder of the flows.
 * @throws {CentreError} with every problem of every file.
 */
export function readFlowTests(ivrDir: string): FlowTests[] {
  const problems: string[] = [];
  const files = readdirSync(ivrDir).filter((name) => name.endsWith('.test.yaml'));
  const read = files.toSorted().flatMap((name): FlowTests[] => {
    const file = join(ivrDir, name);
    const yaml = readYaml(readText(file));
    if ('problems' in yaml) {
      problems.push(...yaml.problems.map((problem) => `${file}: ${problem}`));
      return [];
    }
    const parsed = flowTestsText.safeParse(yaml.content);
    if (parsed.success) return [{ file, flow: asId<FlowId>(parsed.data.flow), tests: parsed.data.tests }];
    problems.push(
      ...parsed.error.issues.map((i) => `${file}: ${i.path.join('.') || 'the whole file'}: ${i.message}`),
    );
    return [];
  });
  if (problems.length > 0) throw new CentreError(problems);
  return read;
}

/** The world in which flows are tried out. */
export type TrialWorld = {
  readonly centre: Centre;
  readonly flows: ReadonlyMap<FlowId, Flow>;
  readonly calendar: Calendar;
  readonly timeZone: string;
};

type Circumstances = Pick<FlowTestText, 'at' | 'caller' | 'switches' | 'lookups' | 'full'>;

/** What a caller meets at a local time. The hotline is the one whose flow it is. */
export function trialSetting(world: TrialWorld, flow: FlowId, circumstances: Circumstances): TrialSetting {
  const hotline = [...world.centre.hotlines.values()].find((one) => one.flow === flow);
  const { at, caller, switches, lookups, full } = circumstances;
  // A local time, whatever the zone: read as if it were UTC.
  const moment = localMomentIn('UTC')(instant(Date.parse(`${at.length === 16 ? `${at}:00` : at}Z`)));
  return {
    flowOf: (id) => world.flows.get(id),
    hotline: hotline?.id ?? flow,
    language: hotline?.language ?? 'zh-CN',
    caller,
    calendar: calendarAt(world.calendar, moment),
    timeZone: world.timeZone,
    switches: new Set(switches),
    lookUp: answersInTurn(lookups),
    full: new Set(full),
  };
}
