import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../infra/parts/certificate.ts';
import { ensureCredentials, ensureSecrets } from '../../infra/parts/credentials.ts';
import { melody, musicSeconds } from '../../infra/parts/music.ts';
import { checkExternalDatabase } from '../../infra/parts/postgres-database.ts';
import { fillTemplate } from '../../infra/parts/template.ts';
import { ensureHome, lockHome } from '../../infra/supervisor/home.ts';
import { rotateWhenLarge, tail } from '../../infra/supervisor/log-files.ts';
import { takenPorts } from '../../infra/supervisor/ports.ts';
import { whyItWaits } from '../../infra/supervisor/waits.ts';
import { loadConfig } from '../../services/config.ts';
import { portUses } from '../../services/config-ports.ts';
import { freePort } from '../support/free-ports.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hotline-checks-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const listen = (port: number) =>
  new Promise<Server>((resolve) => {
    const server = createServer();
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

test('a service that is up and serves nobody says why: another controller acts', async () => {
  let answer = '{"ready":false,"role":"standby"}';
  const http = createHttp((_, res) => res.writeHead(503).end(answer));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/readyz`;
  expect(await whyItWaits(url)).toContain('another controller acts on this database');
  answer = '{"ready":false,"telephony":"down"}';
  expect(await whyItWaits(url)).toBeNull();
  await new Promise((resolve) => http.close(resolve));
  expect(await whyItWaits(url)).toBeNull();
});

describe('before anything starts', () => {
  test('a taken port is named with its holder and the setting that moves it', async () => {
    const port = await freePort();
    const server = await listen(port);
    const uses = portUses(loadConfig({ HOTLINE_HTTP_PORT: String(port) })).slice(0, 1);
    expect(await takenPorts(uses)).toEqual([
      expect.stringMatching(
        `^tcp port ${port} of 127.0.0.1 \\(web pages\\) is taken by .+ \\(pid ${process.pid}\\); stop it, or set HOTLINE_HTTP_PORT to another port$`,
      ),
    ]);
    await new Promise((resolve) => server.close(resolve));
    expect(await takenPorts(uses)).toEqual([]);
  });

  test('a home has one supervisor; when it is gone, the next may have it', async () => {
    ensureHome(dir);
    const lock = await lockHome(dir);
    await expect(lockHome(dir)).rejects.toThrow(
      new RegExp(`${dir} is in use by .+ \\(pid ${process.pid}\\)`),
    );
    await lock.release();
    await (await lockHome(dir)).release();
  });

  test('the home is closed to other users', () => {
    const home = join(dir, 'home');
    mkdirSync(home, { mode: 0o755 });
    ensureHome(home);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test('a folder that holds other things is not taken for a home, nor closed', () => {
    writeFileSync(join(dir, 'thesis.odt'), '');
    const before = statSync(dir).mode;
    expect(() => ensureHome(dir)).toThrow('holds other things (thesis.odt)');
    expect(statSync(dir).mode).toBe(before);
  });

  test('a home whose secrets.json is gone is told so, and nothing new is made in its place', () => {
    writeFileSync(join(dir, 'credentials.json'), '{}');
    expect(() => ensureHome(dir)).toThrow(`${dir} has lost its secrets.json`);
    expect(existsSync(join(dir, 'secrets.json'))).toBe(false);
    // Where HOTLINE_SECRETS names another place, none is missed here.
    ensureHome(dir, join(dir, 'elsewhere', 'secrets.json'));
  });

  test('a path that Asterisk would cut off, or take for something else, is refused before anything is made in it', () => {
    const long = join(dir, '长'.repeat(20), 'home');
    expect(() => ensureHome(long)).toThrow(/HOTLINE_HOME: .* bytes long, and Asterisk takes 81 at most/);
    expect(existsSync(join(dir, '长'.repeat(20)))).toBe(false);
    expect(() => ensureHome(join(dir, 'clone (old)'))).toThrow('has a character that Asterisk');
  });

  test('a home where no folder can be made is refused, not tried for ever', () => {
    expect(() => ensureHome('/proc/no-home')).toThrow('HOTLINE_HOME: /proc/no-home cannot be used');
  });

  test('an unusable DATABASE_URL is named without its password', async () => {
    const refused = checkExternalDatabase(`postgres://u:geheim@127.0.0.1:${await freePort()}/hotline`);
    await expect(refused).rejects.toThrow(
      /^DATABASE_URL: Postgres at 127\.0\.0\.1:\d+\/hotline cannot be used: .*ECONNREFUSED/,
    );
    await expect(refused).rejects.not.toThrow('geheim');
  });
});

describe('passwords', () => {
  const configFor = (agents: readonly string[], pgPort = '5433') => {
    const centre = join(dir, 'centre.yaml');
    writeFileSync(centre, JSON.stringify({ agents: Object.fromEntries(agents.map((agent) => [agent, {}])) }));
    return loadConfig({ HOTLINE_HOME: dir, HOTLINE_CENTRE: centre, HOTLINE_PG_PORT: pgPort });
  };

  test('are made once, for the owner alone; new agents get theirs, and nobody else is changed', () => {
    const config = configFor(['1001']);
    const secrets = ensureSecrets(config);
    const first = ensureCredentials(config, secrets);
    expect(Object.keys(first.users)).toEqual(['1001', 'admin', 'lead']);
    expect(Object.keys(first.sip)).toEqual(['1001', 'caller']);
    const all = [...Object.values(first.users), ...Object.values(first.sip)];
    expect(new Set(all).size).toBe(all.length);
    for (const file of [config.credentialsFile, config.secretsFile])
      expect(statSync(file).mode & 0o777).toBe(0o600);

    const later = configFor(['1001', '1002'], '5544');
    const second = ensureCredentials(later, ensureSecrets(later));
    expect(second.users).toMatchObject(first.users);
    expect(second.sip).toMatchObject(first.sip);
    expect(Object.keys(second.sip)).toContain('1002');
    expect(ensureSecrets(later)).toEqual(secrets);
    expect(new URL(second.postgres.url).port).toBe('5544');
  });

  test('a damaged file is reported without its content, and kept', () => {
    const config = configFor(['1001']);
    writeFileSync(config.credentialsFile, '{"users": {"admin": "geheimgeheimgeheim"');
    const attempt = () => ensureCredentials(config, ensureSecrets(config));
    expect(attempt).toThrow(`${config.credentialsFile}: damaged (not JSON)`);
    expect(attempt).not.toThrow('geheim');
    expect(readFileSync(config.credentialsFile, 'utf8')).toContain('geheim');
  });
});

describe('files', () => {
  test('a log that grew large is put aside, three deep, while its writer goes on', () => {
    const log = join(dir, 'part.log');
    for (const content of ['first', 'second', 'third', 'fourth', 'fifth']) {
      writeFileSync(log, content.repeat(10), { flag: 'a' });
      expect(rotateWhenLarge(log, 20)).toBe(true);
    }
    expect(readFileSync(log, 'utf8')).toBe('');
    expect([1, 2, 3].map((n) => tail(`${log}.${n}`, 1)[0]?.slice(0, 5))).toEqual(['fifth', 'fourt', 'third']);
  });

  test('a template value cannot add a line of its own', () => {
    const fill = (value: string) =>
      fillTemplate('password = {{password}}\n', { password: value }, 'ari.conf');
    expect(fill('abc')).toBe('password = abc\n');
    expect(() => fill('abc\nread_only = no')).toThrow('ari.conf: the value of {{password}} has a line break');
    expect(() => fillTemplate('{{nobody}}', {}, 'ari.conf')).toThrow('ari.conf: {{nobody}} has no value');
  });

  test('the certificate is its own issuer and names the address', () => {
    const { certificatePem } = selfSigned('192.0.2.7', new Date('2026-11-21'));
    const certificate = new X509Certificate(certificatePem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.validToDate.getUTCFullYear()).toBe(2036);
  });

  test('the music is quiet, never clips, and ends in silence so that it loops', () => {
    const samples = melody(8000);
    expect(samples.length).toBe(8000 * musicSeconds);
    const rms = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    expect(20 * Math.log10(rms / 32768)).toBeCloseTo(-25, 1);
    expect(samples.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0)).toBeLessThan(16384);
    expect(Math.max(...samples.slice(-400).map(Math.abs))).toBeLessThan(200);
  });
});
