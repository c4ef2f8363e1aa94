import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { parseFlow } from '../../services/ivr/parse-flow.ts';
import { waitingPromptIds } from '../../services/ivr/speak/waiting.ts';
import { fragmentIds } from '../../services/ivr/speak.ts';
import { CentreError, loadCentre } from '../../services/runtime/centre-file.ts';
import { readPromptTexts } from '../prompts/texts.ts';

/** Prompts that are played by the service itself, not by a flow. */
const PLAYED_BY_SERVICE = /^(agent-|fallback-|number-not-in-service$|system-busy$|goodbye$|queue-)/;

/** Problems of the centre, its flows and their prompts, one line each, with file and place. */
export function flowProblems(repoDir: string): string[] {
  const dialplans = join(repoDir, 'dialplans');
  try {
    const texts = readPromptTexts(join(dialplans, 'prompts'));
    const centre = loadCentre(join(dialplans, 'centre.yaml'));
    const prompts = new Set(Object.keys(texts['zh-CN']));
    const queues = new Set<string>(centre.queues.keys());
    const files = readdirSync(join(dialplans, 'ivr')).filter(
      (name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'),
    );
    const flows = new Set(files.map((name) => basename(name, '.yaml')));
    const unknown = [...centre.hotlines.values()]
      .filter((hotline) => !flows.has(hotline.flow))
      .map(
        (hotline) =>
          `dialplans/centre.yaml: hotlines.${hotline.id}.flow: there is no dialplans/ivr/${hotline.flow}.yaml`,
      );
    const played = files.map((name) => readFileSync(join(dialplans, 'ivr', name), 'utf8'));
    const spoken = new Set<string>([...fragmentIds('zh-CN'), ...waitingPromptIds]);
    const unused = [...prompts]
      .filter((id) => !spoken.has(id))
      .filter((id) => !PLAYED_BY_SERVICE.test(id) && !/^(invalid-key|invalid-entry|no-input)$/.test(id))
      .filter((id) => !played.some((text) => text.includes(id)))
      .map((id) => `dialplans/prompts: no flow plays "${id}"`);
    return [
      ...unknown,
      ...unused,
      ...files.flatMap((name, index) => problemsOf(name, played[index] ?? '', { queues, prompts })),
    ];
  } catch (error) {
    if (error instanceof CentreError) return [...error.problems];
    return [error instanceof Error ? error.message : String(error)];
  }
}

function problemsOf(name: string, text: string, around: Parameters<typeof parseFlow>[1]): string[] {
  const parsed = parseFlow(parse(text), around);
  if ('flow' in parsed) return [];
  return parsed.problems.map(({ where, problem }) => `dialplans/ivr/${name}: ${where}: ${problem}`);
}
