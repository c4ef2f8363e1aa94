import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../events/vocabulary.ts';
import { proveFlows } from '../ivr/check/check-flows.ts';
import { isError, type Problem } from '../ivr/check/problem.ts';
import type { Surroundings } from '../ivr/check/surroundings.ts';
import { CentreError, loadCentre } from './centre-file.ts';
import type { CheckAnswer, CheckRequest } from './flow-desk.ts';
import { readSurroundings, textsInForce } from './flows-in-force.ts';

/** Checks a text that is to be put in force together with the other flows that are, against the service as it runs now. */
export function checkCandidate({ places, flow, file, text }: CheckRequest): CheckAnswer {
  try {
    const around = rendered(readSurroundings(places, loadCentre(places.centreFile)), places.homeDir);
    const others = textsInForce(places).filter((one) => one.flow !== flow);
    const { problems: found, texts } = proveFlows([...others, { file, text }], around);
    const problems = found.map(withRendering);
    return { problems, text: problems.some(isError) ? null : (texts.get(flow) ?? null) };
  } catch (error) {
    if (!(error instanceof CentreError)) throw error;
    return { problems: error.problems.map(unreadable), text: null };
  }
}

/** Prompts are rendered when the service starts: one that has only a text yet cannot be played. */
function rendered(around: Surroundings, homeDir: string): Surroundings {
  const there = (language: Language) =>
    new Map(
      [...around.prompts[language]].filter(([id]) =>
        existsSync(join(homeDir, 'sounds', language, `${id}.wav`)),
      ),
    );
  if (!existsSync(join(homeDir, 'sounds'))) return around;
  return { ...around, prompts: { 'zh-CN': there('zh-CN'), en: there('en') } };
}

const withRendering = (problem: Problem): Problem =>
  problem.kind === 'prompt' && problem.suggestion === null
    ? { ...problem, suggestion: 'a new prompt is rendered when the service starts anew' }
    : problem;

const unreadable = (line: string): Problem => ({
  file: line.split(':', 1)[0] ?? '',
  line: null,
  where: 'what flows refer to',
  what: line,
  suggestion: null,
  severity: 'error',
  kind: 'yaml',
});
