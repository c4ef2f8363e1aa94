import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { already, type Report, step } from '../setup/progress.ts';
import type { RunTools } from '../tools/types.ts';
import { chooseEngine } from './engines/choose.ts';
import type { SpeechEngine, SpeechSettings } from './engines/engine.ts';
import { type PromptSource, renderPrompt, SYNTHESIS_VERSION } from './synthesise.ts';
import { PROMPT_LANGUAGES, type PromptLanguage, readPromptTexts, spokenAs } from './texts.ts';

const FORMATS = ['wav', 'wav16'] as const;

type Job = { id: string; name: string; source: PromptSource; hash: string; path: string };

export type PromptPlaces = {
  /** Texts and recordings. */
  promptsDir: string;
  /** Where Asterisk plays from. */
  soundsDir: string;
  /** Rendered prompts by content, shared by all instances of this user: a second one renders nothing. */
  cacheDir: string;
};

export type SpeechTools = Pick<RunTools, 'espeak' | 'sox'>;
const voiceInTheBox: SpeechSettings = { command: null, url: null, token: null };

/**
 * Brings every prompt that is new or changed into `<soundsDir>/<language>/<id>.wav` and `.wav16`; prompts that are no more
 * are removed. A studio recording in `<promptsDir>/recorded/<language>/<id>.wav` wins over synthesis.
 */
export async function ensurePrompts(
  places: PromptPlaces,
  tools: SpeechTools,
  report: Report,
  settings: SpeechSettings = voiceInTheBox,
): Promise<void> {
  const engine = chooseEngine(settings, tools.espeak);
  const { promptsDir, soundsDir, cacheDir } = places;
  mkdirSync(cacheDir, { recursive: true });
  const texts = readPromptTexts(promptsDir);
  const total = PROMPT_LANGUAGES.reduce((sum, language) => sum + Object.keys(texts[language]).length, 0);
  const todo = PROMPT_LANGUAGES.map((language) =>
    plan(engine, language, texts[language], promptsDir, join(soundsDir, language)),
  );
  const count = todo.reduce((sum, { jobs }) => sum + jobs.length, 0);
  for (const { dir, wanted, known } of todo) removeOthers(dir, wanted, known);
  const rendering = new Map<string, Promise<void>>();
  if (count === 0) return already(report, `${total} prompts`);
  await step(report, `${count} of ${total} prompts ready`, async () => {
    for (const { dir, jobs, known } of todo) {
      await inParallel(jobs, engine.atOnce, async (job) => {
        await provide(engine, tools, job, join(cacheDir, job.hash), rendering);
        known.set(job.id, job.hash);
      }).finally(() => writeManifest(dir, known)); // what is done stays done, whatever fails
    }
  });
}

/** Copies from the cache, filling it first where needed, once for prompts that sound the same; files appear whole in both places. */
async function provide(
  engine: SpeechEngine,
  tools: SpeechTools,
  job: Job,
  cached: string,
  rendering: Map<string, Promise<void>>,
): Promise<void> {
  if (FORMATS.some((format) => !existsSync(`${cached}.${format}`))) {
    const work = rendering.get(cached) ?? renderPrompt(engine, tools.sox, job.source, cached);
    rendering.set(cached, work);
    await work.catch((error: unknown) => {
      throw new Error(`prompt ${job.name}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    });
  }
  for (const format of FORMATS) {
    const partial = `${job.path}.${format}.partial`;
    await copyFile(`${cached}.${format}`, partial);
    await rename(partial, `${job.path}.${format}`);
  }
}

/** What has to be brought for one language. */
function plan(
  engine: SpeechEngine,
  language: PromptLanguage,
  texts: Readonly<Record<string, string>>,
  promptsDir: string,
  dir: string,
) {
  mkdirSync(dir, { recursive: true });
  const known = readManifest(dir);
  const jobs = Object.entries(texts)
    .map(([id, text]): Job => {
      const recording = join(promptsDir, 'recorded', language, `${id}.wav`);
      const source: PromptSource = existsSync(recording)
        ? { id, recording }
        : { id, ...spokenAs(text, language) };
      const content = 'recording' in source ? readFileSync(source.recording) : engine.identity(source);
      const hash = createHash('sha256').update(`${SYNTHESIS_VERSION} `).update(content).digest('hex');
      return { id, name: `${language}/${id}`, source, hash, path: join(dir, id) };
    })
    .filter(
      (job) =>
        known.get(job.id) !== job.hash || FORMATS.some((format) => !existsSync(`${job.path}.${format}`)),
    );
  return { dir, jobs, known, wanted: new Set(Object.keys(texts)) };
}

function removeOthers(dir: string, wanted: ReadonlySet<string>, known: Map<string, string>): void {
  const gone = [...known.keys()].filter((id) => !wanted.has(id));
  if (gone.length === 0) return;
  for (const id of gone) {
    for (const format of FORMATS) rmSync(join(dir, `${id}.${format}`), { force: true });
    known.delete(id);
  }
  writeManifest(dir, known);
}

function readManifest(dir: string): Map<string, string> {
  const file = join(dir, 'prompts.json');
  if (!existsSync(file)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>));
}

function writeManifest(dir: string, known: ReadonlyMap<string, string>): void {
  const file = join(dir, 'prompts.json');
  writeFileSync(`${file}.partial`, JSON.stringify(Object.fromEntries(known), null, 1));
  renameSync(`${file}.partial`, file);
}

async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  // One that fails must not leave others writing after it.
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
