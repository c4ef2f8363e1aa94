import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigError, loadConfig } from '../../services/config.ts';

const load = (env: Record<string, string | undefined>) => loadConfig(env, '/srv/hotline');
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('the container passes on every setting of the README, but for those that are places in it or for other machines', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
  const rows = read('README.md')
    .split('\n')
    .filter((line) => /^\| `(HOTLINE_|DATABASE_URL)/.test(line));
  const settings = rows.flatMap((row) => row.split('|')[1]?.match(/HOTLINE_[A-Z_]+|DATABASE_URL/g) ?? []);
  const passed = new Set(
    Object.keys(parse(read('infra/container/compose.yaml')).services.hotline.environment),
  );
  const ofTheImage = ['HOME', 'TOOLS', 'CENTRE', 'FLOWS', 'LOOKUPS', 'SECRETS', 'CREDENTIALS', 'UI_DIR'];
  const notThere = [...ofTheImage, 'TTS_COMMAND', 'DEBIAN_MIRROR', 'STANDBY_OF'];
  expect(settings.length).toBeGreaterThan(20);
  expect([...new Set(settings)].filter((name) => !passed.has(name)).toSorted()).toEqual(
    notThere.map((name) => `HOTLINE_${name}`).toSorted(),
  );
  const asUsual = Object.fromEntries([...passed].map((name) => [name, '']));
  expect(load(asUsual)).toEqual(load({}));
});

describe('settings', () => {
  test('nothing set: the published defaults, all on the loopback address', () => {
    expect(load({ PATH: '/bin', HOTLINE_BIND: '' })).toMatchObject({
      homeDir: '/srv/hotline/.hotline',
      bindAddress: '127.0.0.1',
      httpPort: 8080,
      sipPort: 5060,
      sipTlsPort: 5061,
      asteriskHttpPort: 8088,
      amiPort: 8090,
      pgPort: 5433,
      prometheusPort: 9090,
      rtpPorts: { first: 10000, last: 19999 },
      trunks: ['127.0.0.2/32'],
      databaseKind: 'embedded',
      databaseUrl: null,
      centreFile: '/srv/hotline/dialplans/centre.yaml',
      credentialsFile: '/srv/hotline/.hotline/credentials.json',
      nodeId: 'n1',
      timeZone: 'Asia/Shanghai',
      logLevel: 'info',
      transferKey: false,
      warnings: [],
    });
  });

  test('the settings cannot be changed afterwards', () => {
    const config = load({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.rtpPorts)).toBe(true);
  });

  test('the voice in the box speaks unless a program or a service is named; a wrong address is not repeated', () => {
    expect(load({}).speech).toEqual({ command: null, url: null, token: null });
    expect(load({ HOTLINE_TTS_URL: 'https://speech.example/v1?key=k' }).speech.url).toContain(
      'speech.example',
    );
    const [problem] = problemsOf({ HOTLINE_TTS_URL: 'speech.example?key=hidden' });
    expect(problem).toBe('HOTLINE_TTS_URL: is not an address; write https://speech.example/v1');
  });

  test('every wrong setting is named at once, with what is wrong and what to write', () => {
    const problems = problemsOf({
      HOTLINE_HTTP_PORT: 'eighty',
      HOTLINE_SIP_PORT: '65535',
      HOTLINE_RTP_PORTS: '20000-10000',
      HOTLINE_BIND: 'localhost',
      HOTLINE_TRUNKS: '203.0.113.0/24, 10.0.0.0/33',
      HOTLINE_TIME_ZONE: 'Beijing',
      HOTLINE_LOG_LEVEL: 'loud',
      HOTLINE_NODE_ID: 'Node-1',
      HOTLINE_HOME: '/srv/a;b',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'HOTLINE_HOME',
      'HOTLINE_HTTP_PORT',
      'HOTLINE_SIP_PORT',
      'HOTLINE_RTP_PORTS',
      'HOTLINE_BIND',
      'HOTLINE_TRUNKS',
      'HOTLINE_NODE_ID',
      'HOTLINE_LOG_LEVEL',
      'HOTLINE_TIME_ZONE',
    ]);
    expect(problems[1]).toBe(
      'HOTLINE_HTTP_PORT: "eighty" is not a port; give a whole number from 1 to 65535',
    );
    expect(problems[5]).toContain('"10.0.0.0/33" is not an address or network');
  });

  test('a time zone is a place: offsets and short names mean other things to Postgres, or to people', () => {
    for (const zone of ['+08:00', '-0330', 'CST', 'PRC', 'Asia/Beijing', 'Europe/']) {
      const [problem = 'none', ...more] = problemsOf({ HOTLINE_TIME_ZONE: zone });
      expect(problem).toBe(
        `HOTLINE_TIME_ZONE: "${zone}" is not a time zone; give a name such as Asia/Shanghai`,
      );
      expect(more).toEqual([]);
    }
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/Argentina/Ushuaia', 'Etc/GMT-8'])
      expect(loadConfig({ HOTLINE_TIME_ZONE: zone }).timeZone).toBe(zone);
  });

  test('two settings that want the same port are both named', () => {
    expect(problemsOf({ HOTLINE_HTTP_PORT: '9090' })).toEqual([
      'HOTLINE_HTTP_PORT and HOTLINE_PROMETHEUS_PORT: web pages and Prometheus would both take tcp port 9090; change one of them',
    ]);
    expect(problemsOf({ HOTLINE_SIP_PORT: '8087' })[0]).toContain('tcp port 8088');
    expect(problemsOf({ HOTLINE_SIP_PORT: '12000' })[0]).toContain(
      'SIP and RTP would both take udp port 12000',
    );
  });

  test('a TCP port inside the RTP range is no clash: RTP is UDP', () => {
    expect(problemsOf({ HOTLINE_HTTP_PORT: '10500' })).toEqual([]);
  });

  test('a wrong DATABASE_URL is refused without repeating its password', () => {
    const [problem = ''] = problemsOf({ DATABASE_URL: 'mysql://root:geheim@db/hotline' });
    expect(problem).toContain('DATABASE_URL: is not a Postgres address');
    expect(problem).not.toContain('geheim');
  });

  test('DATABASE_URL replaces the embedded Postgres, whose port is then free', () => {
    const config = load({ DATABASE_URL: 'postgres://u:p@db.example/hotline', HOTLINE_PG_PORT: '8080' });
    expect(config).toMatchObject({
      databaseKind: 'external',
      databaseUrl: 'postgres://u:p@db.example/hotline',
    });
  });

  test('a network as wide as the internet is no trunk', () => {
    expect(problemsOf({ HOTLINE_TRUNKS: '0.0.0.0/0' })[0]).toContain(
      'would let anyone call without a password',
    );
  });

  test('a trunk network that covers local phones, and a misspelt setting, are warned of', () => {
    const { warnings } = load({
      HOTLINE_TRUNKS: '127.0.0.0/8',
      HOTLINE_SIPPORT: '5070',
      HOTLINE_TOOLS: '/opt/t',
    });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('HOTLINE_SIPPORT is not a setting');
    expect(warnings[1]).toContain('127.0.0.0/8');
  });
});
