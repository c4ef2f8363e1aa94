import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speechLevel } from '../../infra/prompts/level.ts';
import { ensurePrompts } from '../../infra/prompts/prompts.ts';
import { run } from '../../infra/setup/run.ts';
import { ensureTools, type RunTools } from '../../infra/tools/tools.ts';

let tools: RunTools;
let home: string;
const texts = () => join(home, 'prompts');
const sounds = () => join(home, 'sounds');
const ensure = async () => {
  const lines: string[] = [];
  const places = { promptsDir: texts(), soundsDir: sounds(), cacheDir: join(home, 'cache') };
  await ensurePrompts(places, tools, (line) => lines.push(line));
  return lines.join('\n');
};
const write = (zh: string, en: string) => {
  writeFileSync(join(texts(), 'zh-CN.yaml'), zh);
  writeFileSync(join(texts(), 'en.yaml'), en);
};

beforeAll(async () => {
  tools = await ensureTools(['run'], () => undefined);
  home = mkdtempSync(join(tmpdir(), 'hotline-prompts-'));
  mkdirSync(texts());
  write(
    'welcome: 您好，欢迎致电95598供电服务热线。\nbye: 再见。\n',
    'welcome: Welcome to 95598.\nbye: Goodbye.\n',
  );
  expect(await ensure()).toContain('4 of 4 prompts ready');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Samples of a file as sox decodes it, read at its true rate. */
async function decode(file: string): Promise<{ rateHz: number; samples: Int16Array }> {
  const args = ['-t', 'wav', file, '-t', 'raw', '-e', 'signed', '-b', '16', `${file}.raw`];
  await run(tools.sox.command, [...tools.sox.args, ...args], { env: tools.sox.env });
  const bytes = readFileSync(`${file}.raw`);
  rmSync(`${file}.raw`);
  const rateHz = readFileSync(file).readUInt32LE(24);
  return {
    rateHz,
    samples: new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
  };
}

describe('rendered prompts', () => {
  test.each([
    ['zh-CN/welcome.wav', 8_000],
    ['zh-CN/welcome.wav16', 16_000],
    ['zh-CN/bye.wav', 8_000],
    ['en/welcome.wav', 8_000],
    ['en/welcome.wav16', 16_000],
  ])('%s is %i Hz, speech at -22 dBFS, no peak above -3 dBFS', async (file, wantedRateHz) => {
    const { rateHz, samples } = await decode(join(sounds(), file));
    expect(rateHz).toBe(wantedRateHz);
    const level = speechLevel(samples, rateHz);
    expect(Math.abs(level.activeRmsDbfs + 22)).toBeLessThan(0.8);
    expect(level.peakDbfs).toBeLessThanOrEqual(-3);
    expect(samples.length / rateHz).toBeGreaterThan(0.2);
  });

  test('a second run renders nothing; a changed text renders that prompt only; a removed one goes', async () => {
    expect(await ensure()).toContain('4 prompts (already there)');
    const before = statSync(join(sounds(), 'zh-CN/bye.wav')).mtimeMs;
    write('welcome: 您好。\nbye: 再见。\n', 'welcome: Welcome to 95598.\nbye: Goodbye.\n');
    expect(await ensure()).toContain('1 of 4 prompts ready');
    expect(statSync(join(sounds(), 'zh-CN/bye.wav')).mtimeMs).toBe(before);
    write('welcome: 您好。\n', 'welcome: Welcome to 95598.\n');
    await ensure();
    expect(readdirSync(join(sounds(), 'en')).sort()).toEqual([
      'prompts.json',
      'welcome.wav',
      'welcome.wav16',
    ]);
  });

  test('another instance takes what is rendered already', async () => {
    const places = { promptsDir: texts(), soundsDir: join(home, 'other'), cacheDir: join(home, 'cache') };
    const noTools = {
      espeak: { command: '/nowhere', args: [], env: {} },
      sox: { command: '/nowhere', args: [], env: {} },
    };
    await ensurePrompts(places, noTools, () => undefined);
    const wav = (dir: string) => readFileSync(join(dir, 'en/welcome.wav'));
    expect(wav(join(home, 'other')).equals(wav(sounds()))).toBe(true);
  });

  test('a studio recording wins over synthesis and is levelled alike', async () => {
    mkdirSync(join(texts(), 'recorded/en'), { recursive: true });
    const recording = join(texts(), 'recorded/en/welcome.wav');
    const tone = ['-n', '-r', '48000', '-c', '2', recording, 'synth', '1.5', 'sine', '660', 'gain', '-9'];
    await run(tools.sox.command, [...tools.sox.args, ...tone], { env: tools.sox.env });
    expect(await ensure()).toContain('1 of 2 prompts ready');
    const { rateHz, samples } = await decode(join(sounds(), 'en/welcome.wav'));
    expect(samples.length / rateHz).toBeCloseTo(1.5, 1);
    expect(speechLevel(samples, rateHz).activeRmsDbfs).toBeCloseTo(-22, 0);
  });

  test('a prompt that one language lacks is named with its file', async () => {
    write('welcome: 您好。\nqueue-wait: 请稍候。\n', 'welcome: Welcome.\n');
    await expect(ensure()).rejects.toThrow(/en\.yaml: missing queue-wait/);
  });
});
