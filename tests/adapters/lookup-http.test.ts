import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createHttpSource } from '../../services/adapters/lookup-http/http-source.ts';
import { lookupUrl } from '../../services/adapters/lookup-http/lookup-url.ts';
import { SourceAway } from '../../services/runtime/lookup-source.ts';
import { parseLookups } from '../../services/runtime/lookups-file.ts';

const lookup = [
  ...parseLookups(
    JSON.stringify({
      sources: { crm: { kind: 'http', address: 'http://127.0.0.1:9' } },
      lookups: { bill: { source: 'crm', parameters: ['account'], path: '/bills/{account}' } },
    }),
    'lookups.yaml',
  ).lookups.values(),
][0];
if (lookup === undefined) throw new Error('one lookup');

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it listens on a port');
  return `http://127.0.0.1:${address.port}`;
}

const ask = (address: string, token: string | null = null, signal = AbortSignal.timeout(10_000)) =>
  createHttpSource({ address, token }).ask(lookup, { account: '31' }, signal);

test('what is asked carries the token, and no more than the question', async () => {
  let headers: unknown;
  const address = await serve((request, response) => {
    headers = { ...request.headers, url: request.url };
    response.end('{"balance":"1.00"}');
  });
  expect(await ask(address, 'secret-token')).toEqual({ balance: '1.00' });
  expect(headers).toMatchObject({ url: '/bills/31', authorization: 'Bearer secret-token' });
  expect(headers).not.toHaveProperty('cookie');
});

test('a redirect is not followed: neither question nor token goes elsewhere', async () => {
  let followed = 0;
  const elsewhere = await serve((_request, response) => {
    followed += 1;
    response.end('{}');
  });
  const address = await serve((_request, response) =>
    response.writeHead(302, { location: `${elsewhere}/bills/31` }).end(),
  );
  await expect(ask(address, 'secret-token')).rejects.toThrow('redirects are not followed');
  expect(followed).toBe(0);
});

test.each([
  ['no JSON', '<html>31</html>', 'not JSON'],
  ['JSON cut off', '{"balance": "1', 'not JSON'],
  ['a list', '[{"balance":"1.00"}]', 'no object'],
  ['null', 'null', 'no object'],
  ['far too much', `{"note":"${'x'.repeat(200_000)}"}`, 'more than'],
])('%s is no answer, and what was said is not repeated', async (_what, body, problem) => {
  const address = await serve((_request, response) => response.end(body));
  const failure = await ask(address).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Error);
  expect(failure).not.toBeInstanceOf(SourceAway);
  expect((failure as Error).message).toContain(problem);
  expect((failure as Error).message).not.toContain('31');
});

test.each([500, 502, 503, 429])('status %i means that the service is away', async (status) => {
  const address = await serve((_request, response) => response.writeHead(status).end('{}'));
  await expect(ask(address)).rejects.toBeInstanceOf(SourceAway);
});

test.each([400, 401, 403, 204])('status %i is a failure of this question', async (status) => {
  const address = await serve((_request, response) => response.writeHead(status).end());
  await expect(ask(address)).rejects.toThrow(`status ${status}`);
});

test('an answer that never ends is given up when its time is over', async () => {
  const dripping = new AbortController();
  const address = await serve((request, response) => {
    response.write('{"note":"');
    // Its head and first words have come: what is awaited now is the end.
    setImmediate(() => dripping.abort());
    request.on('close', () => response.end());
  });
  await expect(ask(address, null, dripping.signal)).rejects.toBeInstanceOf(SourceAway);
});

test('nothing listens there: away', async () => {
  const address = await serve(() => undefined);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await expect(ask(address)).rejects.toThrow(/ECONNREFUSED/);
});

test('values go where the path says, encoded, and never up the path', () => {
  const url = (value: string, template = '/a/{x}/b?q={x}') =>
    lookupUrl('http://crm.example/api/', template, { x: value })?.href ?? null;
  expect(url('138 0013/8000')).toBe('http://crm.example/api/a/138%200013%2F8000/b?q=138%200013%2F8000');
  expect(url('王&x=1#z')).toBe('http://crm.example/api/a/%E7%8E%8B%26x%3D1%23z/b?q=%E7%8E%8B%26x%3D1%23z');
  expect(url('')).toBeNull();
  expect(url('', '/a?q={x}')).toBe('http://crm.example/api/a?q=');
  for (const up of ['.', '..']) expect(() => url(up), up).toThrow('no name');
  expect(() => url('\ud800')).toThrow('no text');
  // Not a step by itself: stays what it is.
  expect(url('%2e%2e')).toBe('http://crm.example/api/a/%252e%252e/b?q=%252e%252e');
});
