import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instant } from '../../../services/events/instant.ts';
import { noon, task } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
const sound = Buffer.from('RIFF0123456789');
beforeEach(async () => {
  http = await startHttp();
  await writeFile(join(http.recordingsDir, 'recording-a1-7.wav'), sound);
  await writeFile(join(http.recordingsDir, '..', 'secret.wav'), 'not for you');
});
afterEach(() => http.stop());

const path = '/api/v1/recordings/recording-a1-7';

test('a lead hears it, whole or in pieces; one listening is one entry', async () => {
  const cookie = await http.signIn('lead');
  const whole = await http.get(path, { cookie });
  expect(whole.status).toBe(200);
  expect(whole.headers.get('content-type')).toBe('audio/wav');
  expect(whole.headers.get('cache-control')).toBe('no-store');
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(sound);
  const piece = await http.get(path, { cookie, headers: { range: 'bytes=4-7' } });
  expect(piece.status).toBe(206);
  expect(piece.headers.get('content-range')).toBe(`bytes 4-7/${sound.length}`);
  expect(await piece.text()).toBe('0123');
  const entry = { user: 'lead', action: 'hear-recording', resource: 'recordings/recording-a1-7' };
  expect(http.people.audited).toMatchObject([entry]);
  http.state.now = instant(noon + 3_600_000);
  await (await http.get(path, { cookie })).arrayBuffer();
  expect(http.people.audited).toMatchObject([entry, entry]);
});

test('an agent hears that of a task of theirs, and knows of no other', async () => {
  http.people.state.tasks = [
    task('task-1', { kind: 'voicemail', recording: 'recording-a1-7' as never, assignedTo: '1002' }),
  ];
  const cookie = await http.signIn('1001');
  expect((await problemOf(await http.get(path, { cookie }))).code).toBe('unknown-recording');
  http.people.state.tasks = http.people.state.tasks.map((one) => ({ ...one, assignedTo: '1001' }));
  expect((await http.get(path, { cookie })).status).toBe(200);
  expect(http.people.audited).toMatchObject([{ user: '1001', action: 'hear-recording' }]);
});

test.each([
  ['recording-none', 'unknown-recording'],
  ['..%2Fsecret', 'invalid-path'],
  ['%2e%2e%2fsecret', 'invalid-path'],
  ['.hidden', 'invalid-path'],
  ['recording-a1-7.wav', 'invalid-path'],
  ['recording%00', 'invalid-path'],
])('%s is %s', async (id, code) => {
  const cookie = await http.signIn('lead');
  const answer = await problemOf(await http.get(`/api/v1/recordings/${id}`, { cookie }));
  expect(answer.code).toBe(code);
  expect(http.people.audited).toEqual([]);
});

test('what cannot be kept on record is not heard; what is deleted is said to be gone', async () => {
  const cookie = await http.signIn('lead');
  expect((await http.get('/api/v1/live', { cookie })).status).toBe(200);
  http.people.state.mode = 'away';
  expect((await problemOf(await http.get(path, { cookie }))).code).toBe('store-unavailable');
  http.people.state.mode = 'up';
  await rm(join(http.recordingsDir, 'recording-a1-7.wav'));
  expect((await problemOf(await http.get(path, { cookie }))).code).toBe('unknown-recording');
  expect((await problemOf(await http.get(path))).code).toBe('not-signed-in');
});
