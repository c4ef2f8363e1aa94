import { join } from 'node:path';
import { checkFlows } from '../../services/ivr/check/check-flows.ts';
import { inWords, isError } from '../../services/ivr/check/problem.ts';
import { waitingPromptIds } from '../../services/ivr/speak/waiting.ts';
import { fragmentIds } from '../../services/ivr/speak.ts';
import { CentreError, loadCentre } from '../../services/runtime/centre-file.ts';
import { flowIdOf, readFlowSources, requireFlowsOf } from '../../services/runtime/flow-files.ts';
import { readFlowTests } from '../../services/runtime/flow-test-files.ts';
import { readSurroundings } from '../../services/runtime/flows-in-force.ts';
import { readPromptTexts } from '../prompts/texts.ts';

/** Prompts that are played by the service itself, not by a flow. */
const PLAYED_BY_SERVICE =
  /^(agent-|fallback-|number-not-in-service$|system-busy$|goodbye$|queue-|invalid-(key|entry)$|no-input$)/;

/** Problems of the centre, its flows, their tests and their prompts, one line each, with file and place. Warnings are not told here. */
export function flowProblems(repoDir: string): string[] {
  const dialplans = join(repoDir, 'dialplans');
  try {
    const flowsDir = join(dialplans, 'ivr');
    const texts = readPromptTexts(join(dialplans, 'prompts'));
    const centreFile = join(dialplans, 'centre.yaml');
    const centre = loadCentre(centreFile);
    const sources = readFlowSources(flowsDir);
    const lookupsFile = join(dialplans, 'lookups.yaml');
    const places = { repoDir, homeDir: repoDir, centreFile, flowsDir, lookupsFile };
    const problems = checkFlows(sources, readSurroundings(places, centre)).filter(isError).map(inWords);
    requireFlowsOf(centre, new Set(sources.map(({ text }) => flowIdOf(text))), flowsDir);
    readFlowTests(flowsDir);
    return [
      ...problems,
      ...unplayed(
        repoDir,
        texts['zh-CN'],
        sources.map(({ text }) => text),
      ),
    ].map((line) => line.replaceAll(`${repoDir}/`, ''));
  } catch (error) {
    if (error instanceof CentreError) return [...error.problems];
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Prompts that nobody plays: neither a flow, nor the service, nor as a part of a value. */
function unplayed(
  repoDir: string,
  texts: Readonly<Record<string, string>>,
  flows: readonly string[],
): string[] {
  const fragments = new Set<string>([...fragmentIds('zh-CN'), ...waitingPromptIds]);
  return Object.keys(texts)
    .filter((id) => !PLAYED_BY_SERVICE.test(id) && !fragments.has(id))
    .filter((id) => !flows.some((text) => text.includes(id)))
    .map((id) => `${join(repoDir, 'dialplans/prompts')}: no flow plays "${id}"`);
}
