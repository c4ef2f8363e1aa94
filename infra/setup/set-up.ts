import { join } from 'node:path';
import type { SpeechSettings } from '../prompts/engines/engine.ts';
import { ensurePrompts } from '../prompts/prompts.ts';
import { ensureTools, type RunTools, type Tools } from '../tools/tools.ts';
import { toolsDir } from '../tools/tools-dir.ts';
import type { Report } from './progress.ts';
import { ensureUi } from './ui.ts';

/** Where the set-up puts what it makes; the part of the service's configuration it needs. */
export type SetUpPlaces = { repoDir: string; homeDir: string; uiDir: string; speech: SpeechSettings };

/**
 * Brings everything a command needs into place: programs, prompts, screens. A step that is done is skipped, so that a second
 * run takes a fraction of a second. The same for every command, the container image and CI.
 */
export function setUp(places: SetUpPlaces, wanted: readonly ['run'], report: Report): Promise<RunTools>;
export function setUp(places: SetUpPlaces, wanted: readonly ['run', 'test'], report: Report): Promise<Tools>;
export async function setUp(
  places: SetUpPlaces,
  wanted: readonly ['run'] | readonly ['run', 'test'],
  report: Report,
): Promise<RunTools | Tools> {
  const withPrompts = async () => {
    const tools = wanted.length === 1 ? await ensureTools(wanted, report) : await ensureTools(wanted, report);
    const prompts = {
      promptsDir: join(places.repoDir, 'dialplans/prompts'),
      soundsDir: join(places.homeDir, 'sounds'),
      cacheDir: join(toolsDir(), 'prompts'),
    };
    await ensurePrompts(prompts, tools, report, places.speech);
    return tools;
  };
  const [tools] = await allOrFirstError([withPrompts(), ensureUi(places.repoDir, places.uiDir, report)]);
  return tools;
}

/** Like Promise.all, but waits for the others before it fails: nothing goes on working behind an error message. */
async function allOrFirstError<A, B>(work: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
