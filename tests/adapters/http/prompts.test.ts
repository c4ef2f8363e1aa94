import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { wavFile } from '../../../infra/prompts/sound.ts';
import { promptsSchema } from '../../../services/adapters/http/contract/index.ts';
import { promptShelf } from '../../../services/runtime/prompt-shelf.ts';
import { fakePrompts } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

test('whoever is signed in sees all prompts, and hears one as callers do', async () => {
  const cookie = await http.signIn('1001');
  const { prompts } = promptsSchema.parse(await (await http.get('/api/v1/prompts', { cookie })).json());
  expect(prompts.map(({ language, id, recorded }) => [language, id, recorded])).toContainEqual([
    'zh-CN',
    'welcome',
    true,
  ]);
  const sound = await http.get('/api/v1/prompts/zh-CN/welcome/sound', { cookie });
  expect([sound.status, sound.headers.get('content-type')]).toEqual([200, 'audio/wav']);
  expect(Buffer.from(await sound.arrayBuffer()).toString('latin1', 0, 4)).toBe('RIFF');
});

test.each([
  ['one that is not there', '/api/v1/prompts/zh-CN/nonsense/sound', 'unknown-prompt'],
  ['one that has not been rendered', '/api/v1/prompts/en/goodbye/sound', 'unknown-prompt'],
  ['a language there is not', '/api/v1/prompts/fr/goodbye/sound', 'invalid-path'],
  ['a path out of the folder', '/api/v1/prompts/en/..%2F..%2Fsecrets/sound', 'invalid-path'],
])('%s is refused', async (_, path, code) => {
  const cookie = await http.signIn('lead');
  expect((await problemOf(await http.get(path, { cookie }))).code).toBe(code);
});

test('strangers hear nothing', async () => {
  expect((await problemOf(await http.get('/api/v1/prompts'))).code).toBe('not-signed-in');
  expect((await problemOf(await http.get('/api/v1/prompts/zh-CN/welcome/sound'))).code).toBe('not-signed-in');
});

test('the shelf has every shipped prompt and fragment, and looks for nothing that no file names', async () => {
  const shelf = promptShelf('dialplans/prompts', '/nowhere');
  const ids = shelf
    .list()
    .map(({ language, id, fragment }) => `${language}/${id}${fragment ? ' fragment' : ''}`);
  expect(ids).toEqual(
    expect.arrayContaining([
      'zh-CN/welcome-95598',
      'en/goodbye',
      'zh-CN/n-liang fragment',
      'en/n-hundred fragment',
    ]),
  );
  expect(shelf.list().every(({ lengthMs, recorded }) => lengthMs === null && !recorded)).toBe(true);
  expect(await shelf.sound('en', '__proto__')).toBeNull();
  expect(await shelf.sound('en', 'goodbye')).toBeNull();
});

/** Three prompts, of which en/goodbye has not been rendered. */
function shelfOnDisk() {
  const home = mkdtempSync(join(tmpdir(), 'hotline-shelf-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const [language, text] of [
    ['zh-CN', 'goodbye: 感谢您的来电，再见。\nwelcome: 欢迎致电。\n'],
    ['en', 'goodbye: Goodbye.\n'],
  ] as const) {
    mkdirSync(join(home, 'prompts'), { recursive: true });
    writeFileSync(join(home, 'prompts', `${language}.yaml`), text);
    mkdirSync(join(home, 'sounds', language), { recursive: true });
  }
  for (const id of ['goodbye', 'welcome'])
    for (const [ending, rate] of [
      ['wav', 8_000],
      ['wav16', 16_000],
    ] as const)
      writeFileSync(join(home, 'sounds/zh-CN', `${id}.${ending}`), wavFile(new Int16Array(rate), rate));
  return promptShelf(join(home, 'prompts'), join(home, 'sounds'));
}

describe.each([
  ['the shelf', shelfOnDisk],
  ['the fake shelf', fakePrompts],
] as const)('%s', (_name, open) => {
  test('lets hear at 16 kHz whatever it says has a length, and nothing else', async () => {
    const shelf = open();
    const list = shelf.list();
    expect(list.map(({ language, id }) => `${language}/${id}`)).toEqual(
      expect.arrayContaining(['zh-CN/goodbye', 'zh-CN/welcome', 'en/goodbye']),
    );
    for (const { language, id, lengthMs } of list) {
      const sound = await shelf.sound(language, id);
      expect(sound?.readUInt32LE(24) ?? null, `${language}/${id}`).toBe(lengthMs === null ? null : 16_000);
    }
    for (const id of ['nothing', '__proto__', '../../credentials', ''])
      expect(await shelf.sound('zh-CN', id), id).toBeNull();
  });
});
