import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SpeechSettings } from '../../infra/prompts/engines/engine.ts';
import { speechLevel } from '../../infra/prompts/level.ts';
import { ensurePrompts } from '../../infra/prompts/prompts.ts';
import { wavFile } from '../../infra/prompts/sound.ts';
import { run } from '../../infra/setup/run.ts';
import { ensureTools, type RunTools } from '../../infra/tools/tools.ts';

let tools: RunTools;
let home: string;
const texts = () => join(home, 'prompts');
const sounds = () => join(home, 'sounds');
const boxed: SpeechSettings = { command: null, url: null, token: null };
const ensure = async (speech: SpeechSettings = boxed) => {
  const lines: string[] = [];
  const places = { promptsDir: texts(), soundsDir: sounds(), cacheDir: join(home, 'cache') };
  await ensurePrompts(places, tools, (line) => lines.push(line), speech);
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
    expect(Math.abs(level.activeRmsDbfs + 22)).toBeLessThan(0.5);
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

  test('words of another language are spoken by its voice', async () => {
    write('welcome: "[en] For English, press 8."\n', 'welcome: For English, press 8.\n');
    await ensure();
    const wav = (language: string) => readFileSync(join(sounds(), language, 'welcome.wav16'));
    rmSync(join(texts(), 'recorded'), { recursive: true });
    await ensure();
    expect(wav('zh-CN').equals(wav('en'))).toBe(true);
  });

  test('a prompt that one language lacks is named with its file', async () => {
    write('welcome: 您好。\nqueue-wait: 请稍候。\n', 'welcome: Welcome.\n');
    await expect(ensure()).rejects.toThrow(/en\.yaml: missing queue-wait/);
  });
});

/** A second of tone as a WAV file, 22 050 Hz, as a synthesiser might give it. */
const toneWav = (hz: number): Buffer =>
  wavFile(
    Int16Array.from({ length: 22_050 }, (_, at) => 3_000 * Math.sin((2 * Math.PI * hz * at) / 22_050)),
    22_050,
  );

describe('voices of the operator', () => {
  let asked: { text: string; language: string; token: string | undefined }[];
  let answer: () => { status: number; body: Buffer };
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push({
          ...(JSON.parse(body) as { text: string; language: string }),
          token: request.headers.authorization,
        });
        const { status, body: wav } = answer();
        response.writeHead(status).end(wav);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/speak?key=hidden`;
  });
  afterAll(() => server.close());
  beforeEach(() => {
    asked = [];
    answer = () => ({ status: 200, body: toneWav(440) });
    write('welcome: 欢迎致电95598，重听请按9。\n', 'welcome: Welcome.\n');
  });

  test('a service is asked for each prompt once, with numbers in words, and levelled; it is asked anew when the address changes', async () => {
    expect(await ensure({ command: null, url, token: 'secret' })).toContain('2 of 2 prompts ready');
    expect(asked).toContainEqual({
      text: '欢迎致电九五五九八，重听请按九。',
      language: 'zh-CN',
      token: 'Bearer secret',
    });
    expect(asked).toHaveLength(2);
    const { rateHz, samples } = await decode(join(sounds(), 'zh-CN/welcome.wav'));
    expect(Math.abs(speechLevel(samples, rateHz).activeRmsDbfs + 22)).toBeLessThan(0.5);
    expect(samples.length / rateHz).toBeCloseTo(1, 1);
    expect(await ensure({ command: null, url, token: 'secret' })).toContain('2 prompts (already there)');
    expect(asked).toHaveLength(2);
    expect(await ensure({ command: null, url: `${url}2`, token: null })).toContain('2 of 2 prompts ready');
  });

  test.each([
    ['an error', () => ({ status: 503, body: Buffer.from('no') }), /answered 503/],
    [
      'something that is no sound',
      () => ({ status: 200, body: Buffer.from('<html>') }),
      /answered no WAV file/,
    ],
  ])(
    'when the service answers with %s, the prompt is named, the address and its key are not',
    async (_, wrong, problem) => {
      answer = wrong;
      write('hello: 您好。\n', 'hello: Hello.\n');
      const failed = await ensure({ command: null, url, token: null }).catch((error: unknown) => error);
      expect(String(failed)).toMatch(/prompt zh-CN\/hello: the speech service at 127\.0\.0\.1/);
      expect(String(failed)).toMatch(problem);
      expect(String(failed)).not.toContain('hidden');
    },
  );

  test('a program gets the text on its standard input, or in its place, and writes to standard output or a file', async () => {
    const tone = join(home, 'tone.wav');
    writeFileSync(tone, toneWav(660));
    const script = join(home, 'my tts.sh');
    const heard = join(home, 'heard');
    writeFileSync(script, `#!/bin/sh\necho "$1: $(cat)" >> ${heard}\ncat ${tone}\n`, { mode: 0o700 });
    await ensure({ command: `"${script}" {language}`, url: null, token: null });
    expect(readFileSync(heard, 'utf8').split('\n').sort()).toEqual([
      '',
      'en: Welcome.',
      'zh-CN: 欢迎致电九五五九八，重听请按九。',
    ]);
    const copy = `cp ${tone} {out}`;
    expect(await ensure({ command: copy, url: null, token: null })).toContain('2 of 2 prompts ready');
    const { rateHz, samples } = await decode(join(sounds(), 'en/welcome.wav'));
    expect(samples.length / rateHz).toBeCloseTo(1, 1);
  });

  test.each([
    ['sh -c "echo broken >&2; exit 3"', /prompt zh-CN\/.*: .*ended with 3: broken/],
    ['/nowhere/tts', /prompt zh-CN\/.*: \/nowhere\/tts cannot be run/],
    ['true', /prompt zh-CN\/.*: true ended well but gave no WAV file/],
  ])('when the program is "%s", the prompt is named with what went wrong', async (command, problem) => {
    await expect(ensure({ command, url: null, token: null })).rejects.toThrow(problem);
  });
});
