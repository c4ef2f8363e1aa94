import { join } from 'node:path';
import { homeFolders } from '../../infra/parts/files.ts';
import type { Instance } from './instance.ts';
import { readWav, writeWav } from './wav.ts';

/**
 * Makes prompts of a running service last so long, by silence at their end: for tests that have to meet callers in the middle of several
 * of them at once, however slow the machine is. Heard from the next time that they are played; calls come with G.711, so at 8 kHz.
 */
export function makePromptsLast(
  { home }: Pick<Instance, 'home'>,
  seconds: number,
  prompts: readonly string[],
): void {
  for (const prompt of prompts) {
    const file = join(homeFolders(home).sounds, 'zh-CN', `${prompt}.wav`);
    const { samples, sampleRateHz } = readWav(file);
    const longer = new Int16Array(Math.max(samples.length, seconds * sampleRateHz));
    longer.set(samples);
    writeWav(file, { samples: longer, sampleRateHz });
  }
}
