import { afterEach, beforeEach, expect, test } from 'vitest';
import { promptsSchema } from '../../../services/adapters/http/contract/index.ts';
import { promptShelf } from '../../../services/runtime/prompt-shelf.ts';
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
