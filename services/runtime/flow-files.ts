import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Centre } from '../calls/centre.ts';
import type { FlowId } from '../events/ids.ts';
import { buildFlow } from '../ivr/build-flow.ts';
import type { Calendar } from '../ivr/calendar.ts';
import { proveFlows } from '../ivr/check/check-flows.ts';
import { inWords, isError } from '../ivr/check/problem.ts';
import { type FlowSource, readSource } from '../ivr/check/source.ts';
import type { Surroundings } from '../ivr/check/surroundings.ts';
import type { Flow } from '../ivr/flow.ts';
import { flowText } from '../ivr/flow-text.ts';
import type { Lookups } from '../ivr/lookups.ts';
import { fragmentIds } from '../ivr/speak.ts';
import { loadCalendar } from './calendar-file.ts';
import { CentreError, readText } from './centre-file.ts';
import { loadLookups } from './lookups-file.ts';
import { type PromptLengths, readPromptLengths } from './prompt-lengths.ts';

/** What flows may refer to, as it was read. */
export type FlowSurroundings = {
  readonly centre: Centre;
  /** Where the centre was read from: named in problems. */
  readonly centreFile: string;
  readonly calendar: Calendar;
  readonly lookups: Lookups;
  readonly prompts: PromptLengths;
};

/** The texts of all flows in a folder; tests beside them are none. @throws {CentreError} when one cannot be read. */
export const readFlowSources = (ivrDir: string): FlowSource[] =>
  readdirSync(ivrDir)
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .toSorted()
    .map((name) => ({ file: join(ivrDir, name), text: readText(join(ivrDir, name)) }));

/** As the checker wants it. @throws {CentreError} when the centre keeps to hours that the calendar does not have. */
export function surroundingsOf({
  centre,
  centreFile,
  calendar,
  lookups,
  prompts,
}: FlowSurroundings): Surroundings {
  refuseUnknownHours(centre, centreFile, calendar.hours);
  return {
    queues: new Set(centre.queues.keys()),
    skills: new Set([...centre.agents.values()].flatMap(({ skills }) => skills.map(({ skill }) => skill))),
    prompts,
    hours: new Set(calendar.hours.keys()),
    holidays: new Set(calendar.holidayNames.keys()),
    switches: new Set(calendar.switches.keys()),
    lookups: lookups.lookups,
    fragments: { 'zh-CN': fragmentIds('zh-CN'), en: fragmentIds('en') },
    mayDial: (number) => centre.outbound.numbers.some((pattern) => pattern.test(number)),
  };
}

/**
 * Checks flows together and builds them, under the numbers by which they are in force.
 * @throws {CentreError} with every problem of every flow; warnings are no problems.
 */
export function checkedFlows(
  sources: readonly (FlowSource & { readonly flow?: string; readonly version?: number })[],
  around: Surroundings,
): ReadonlyMap<FlowId, Flow> {
  const { problems, texts } = proveFlows(sources, around);
  const errors = problems.filter(isError).map(inWords);
  if (errors.length > 0) throw new CentreError(errors);
  const versions = new Map(sources.map(({ flow, version }) => [flow, version]));
  const flows = [...texts.values()].map((text) => buildFlow(text, versions.get(text.flow) ?? text.version));
  return new Map(flows.map((flow) => [flow.id, flow]));
}

/** A flow whose text has been checked, now or when it was activated. @throws {CentreError} when its shape is wrong all the same. */
export function builtFlow({ file, text, version }: FlowSource & { readonly version?: number }): Flow {
  const read = readSource(text);
  if ('problems' in read) throw new CentreError(read.problems.map(({ what }) => `${file}: ${what}`));
  const parsed = flowText.safeParse(read.content);
  if (!parsed.success)
    throw new CentreError(parsed.error.issues.map((i) => `${file}: ${i.path.join('.')}: ${i.message}`));
  return buildFlow(parsed.data, version ?? parsed.data.version);
}

/** The flow that a text defines, '' when it says none. Mostly without reading all of it: a controller that serves calls asks. */
export function flowIdOf(text: string): string {
  const said = /^flow: *(["']?)([\w-]{1,40})\1 *(?:#.*)?$/m.exec(text);
  if (said?.[2] !== undefined) return said[2];
  const read = readSource(text);
  const content = 'content' in read ? read.content : null;
  return typeof content === 'object' && content !== null && 'flow' in content ? String(content.flow) : '';
}

/**
 * Reads and checks every flow in `ivrDir`, against the centre, the prompts in `promptsDir`, and calendar and lookups in the folder above.
 * @throws {CentreError} with every problem of every flow.
 */
export function loadFlows(ivrDir: string, promptsDir: string, centre: Centre): ReadonlyMap<FlowId, Flow> {
  const dialplans = dirname(ivrDir);
  const around = surroundingsOf({
    centre,
    centreFile: join(dialplans, 'centre.yaml'),
    calendar: loadCalendar(join(dialplans, 'calendar.yaml')),
    lookups: loadLookups(join(dialplans, 'lookups.yaml')),
    prompts: readPromptLengths(promptsDir, null),
  });
  const flows = checkedFlows(readFlowSources(ivrDir), around);
  requireFlowsOf(centre, new Set(flows.keys()), ivrDir);
  return flows;
}

/** @throws {CentreError} when a hotline's flow is not among these. */
export function requireFlowsOf(centre: Centre, flows: ReadonlySet<string>, where: string): void {
  const problems = [...centre.hotlines.values()]
    .filter(({ flow }) => !flows.has(flow))
    .map(({ id, flow }) => `${where}: hotline ${id} wants flow "${flow}", which no file here defines`);
  if (problems.length > 0) throw new CentreError(problems);
}

/** Wherever centre and calendar meet, before anything is taken over: at the start, at a reload, and in `npm run check`. */
function refuseUnknownHours(centre: Centre, centreFile: string, hours: ReadonlyMap<string, unknown>): void {
  const problems = [...centre.queues.values()].flatMap(({ id, callbacks, serving }) =>
    [
      { where: 'callbacks.hours', name: callbacks.hours },
      { where: 'hours', name: serving.hours },
    ].flatMap(({ where, name }) =>
      name === null || hours.has(name)
        ? []
        : [
            `${centreFile}: queues.${id}.${where}: the calendar has no hours "${name}"; it has ${[...hours.keys()].join(', ')}`,
          ],
    ),
  );
  if (problems.length > 0) throw new CentreError(problems);
}
