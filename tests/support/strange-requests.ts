import { damaged, mutated } from './mutate.ts';
import type { Chance } from './seeded.ts';

/** An operation as the OpenAPI document has it. */
export type Operation = {
  method: string;
  path: string;
  parameters: readonly { in: 'path' | 'query'; name: string }[];
  takesBody: boolean;
};

const strangeValues = [
  ...[
    '',
    '%',
    '%00',
    '%ff',
    '..',
    '%2e%2e%2f',
    '__proto__',
    'constructor',
    '1001',
    '95598',
    '-1',
    '1e999',
    'NaN',
  ],
  ...[
    '2026-05-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '0000-01-01T00:00:00Z',
    '99999999999999',
    'numbers',
    'day',
  ],
  ...[
    "'%20or%201=1--",
    '%7B%7D',
    '%E7%94%B5',
    'x'.repeat(2_000),
    '%F0%9F%98%80',
    'null',
    'true',
    '[]',
    ';',
    '%0d%0a',
  ],
];
const bodies: readonly unknown[] = [
  { user: 'lead', password: 'x' },
  { state: 'available' },
  { state: 'not-ready', reason: 'meal' },
];
const absurdBodies = [
  '['.repeat(30_000),
  '{"a":'.repeat(10_000),
  '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}}}',
  '{"user":"lead","user":{"length":1},"password":1e999}',
  `"${'\\u0000'.repeat(1_000)}"`,
  '1',
  'null',
  '\ufeff{}',
  '',
];
const strangeHeaders = [
  'Cookie: hotline_session_1=x; =; ;;; __proto__=1',
  `Cookie: ${'a=b; '.repeat(1_000)}`,
  'X-CSRF-Token: __proto__',
  'Sec-Fetch-Site: cross-site',
  'Origin: null',
  'Origin: http://[::1',
  'X-Forwarded-For: 1.2.3.4, ::, x',
  'X-Forwarded-Proto: https',
  'Expect: a-miracle',
  'Expect: 100-continue',
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x',
  'Range: bytes=0-0,-1,5-',
  'If-Modified-Since: yesterday',
  'Accept: \u00e9;q=nothing',
  'Accept-Encoding: identity;q=0',
  'Last-Event-ID: 99999999999999999999',
  'Content-Encoding: gzip',
];
const types = [
  ...[
    'application/json',
    'application/json; charset=utf-16',
    'application/json; charset=klingon',
    'text/html',
  ],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=', 'application/json;;;', '\u0001'],
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

/** A request to this operation with something wrong in it, as bytes. `cookie` is a true session's. */
export function strangeRequest(operation: Operation, cookie: string, chance: Chance): Buffer {
  const method = chance.below(5) === 0 ? chance.one(methods) : operation.method.toUpperCase();
  const lines = [`${method} ${targetOf(operation, chance)} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close'];
  if (chance.below(4) > 0) lines.push(`Cookie: ${cookie}`);
  for (let i = chance.below(3); i > 0; i -= 1) lines.push(chance.one(strangeHeaders));
  const body = operation.takesBody || chance.below(6) === 0 ? bodyOf(chance) : null;
  if (body === null) return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  lines.push(`Content-Type: ${chance.below(3) > 0 ? 'application/json' : chance.one(types)}`);
  if (chance.below(10) > 0) {
    lines.push(`Content-Length: ${body.length}`);
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
  }
  lines.push('Transfer-Encoding: chunked');
  const chunks = chance.one([
    `${body.length.toString(16)}\r\n`,
    'zz\r\n',
    'ffffffffffffffffffff\r\n',
    '-1\r\n',
    `5;${'x'.repeat(20_000)}\r\n`,
  ]);
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n${chunks}`, 'latin1'),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
}

function targetOf({ path, parameters }: Operation, chance: Chance): string {
  const value = () => chance.one(strangeValues);
  const filled = path.replace(/\{\w+\}/g, () => (chance.below(2) === 0 ? '1001' : value()));
  const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const query = Array.from({ length: chance.below(4) }, () => {
    const name = chance.one([...names, ...names, '__proto__', 'a[b]', 'x']);
    return `${name}=${value()}`;
  });
  const target = query.length === 0 ? filled : `${filled}?${query.join('&')}`;
  return chance.below(15) === 0 ? damaged(target, chance).replaceAll(/[\s\0]/g, '') || '/' : target;
}

function bodyOf(chance: Chance): Buffer {
  switch (chance.below(4)) {
    case 0:
      return Buffer.from(chance.one(absurdBodies));
    case 1:
      return chance.bytes(chance.below(300));
    case 2:
      return Buffer.from(damaged(JSON.stringify(chance.one(bodies)), chance));
    default:
      return Buffer.from(JSON.stringify(mutated(chance.one(bodies), chance)) ?? 'null');
  }
}
