import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

describe('the screens', () => {
  test('are served with lasting assets, a fresh page, and the page for every address of theirs', async () => {
    await mkdir(join(http.uiDir, 'assets'));
    await writeFile(join(http.uiDir, 'index.html'), '<!doctype html><title>hotline</title>');
    await writeFile(join(http.uiDir, 'assets', 'main-abc123.js'), 'export {};');
    await writeFile(join(http.uiDir, '.secret'), 'no');
    const headers = { accept: 'text/html' };
    for (const path of ['/', '/board', '/desk/1001']) {
      const page = await http.get(path, { headers });
      expect(await page.text()).toContain('<title>hotline');
      expect(page.headers.get('cache-control')).toBe('no-cache');
      expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
      expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    }
    const asset = await http.get('/assets/main-abc123.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/assets/gone.js', '/.secret', '/..%2f..%2fetc%2fpasswd', '/api/board']) {
      const res = await http.get(path, { headers });
      expect([res.status, await res.text()].join(' ')).toMatch(/^(400|403|404) .*"code"/s);
    }
  });

  test('that are not built are named', async () => {
    expect(await problemOf(await http.get('/', { headers: { accept: 'text/html' } }))).toMatchObject({
      status: 404,
      code: 'ui-not-built',
    });
  });
});

test('a taken port is named with the setting that changes it', async () => {
  await expect(startHttp({ port: http.port })).rejects.toThrow(
    `HTTP cannot listen on 127.0.0.1:${http.port}: the port is taken; free it or set HOTLINE_HTTP_PORT`,
  );
});
