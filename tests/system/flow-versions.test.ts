import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FlowList } from '../../services/adapters/http/contract/ivr.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait } from '../support/kill-part.ts';
import { flowsFolder } from '../support/read-flows.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { standbyWaits, withStandby } from '../support/standby.ts';
import { until } from '../support/until.ts';

const repoDir = join(import.meta.dirname, '../..');
let folder: string;
let hotline: HotlineAtWork;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-flow-files-'));
  cpSync(flowsFolder('small'), folder, { recursive: true });
  // Callers of this test have time: the menu asks again and again.
  edit('maxAttempts: 3', 'maxAttempts: 10');
  hotline = await HotlineAtWork.start({ agents: 1 }, { HOTLINE_FLOWS: folder, ...withStandby });
});
afterAll(async () => {
  await hotline?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function edit(from: string, to: string): void {
  const file = join(folder, '95598.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** The flow tool, as a person calls it beside the running service. */
async function ivr(...args: string[]): Promise<{ code: number; said: string }> {
  const { env } = hotline.instance;
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(repoDir, 'infra/cli.ts'), 'ivr', ...args],
      {
        cwd: repoDir,
        env: { ...process.env, ...env },
      },
    );
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: `${stdout}${stderr}` };
  }
}

const inForce = async (): Promise<number | undefined> =>
  (await hotline.lead.get<FlowList>('ivr/flows')).flows.find(({ flow }) => flow === '95598')?.inForce
    ?.version;

/** Waits until the call has come to this node, and tells under which version. */
async function versionAt(call: SippCall, node: string): Promise<number> {
  const callId = await hotline.ledger.callIdOf(call.sipCallId ?? '');
  return until(
    `the call to come to ${node}`,
    async () => {
      const [row] = await hotline.instance.query<{ version: number }>(
        `select (payload->>'flowVersion')::int as version from call_event
          where call_id = $1 and type = 'FlowNodeEntered' and payload->>'node' = $2 order by at desc limit 1`,
        [callId, node],
      );
      return row?.version ?? null;
    },
    { withinMs: 15_000, everyMs: 100 },
  );
}

test('a call stays on the version it began with, also when the controller is killed; the next caller hears the new one; a bad one is refused; rolled back, the old one is heard', async () => {
  expect(await inForce()).toBe(1);
  const first = await hotline.greeted({ from: '13800000001' });
  expect(await versionAt(first, 'main-menu')).toBe(1);

  // The new version has another announcement behind key 1.
  edit('keys: { "1": service-info }', 'keys: { "1": news }');
  edit('  service-info:', '  news:');
  const begun = performance.now();
  const activated = await ivr('activate', '95598');
  console.log(`activated in ${Math.round(performance.now() - begun)} ms, the tool's own start included`);
  expect(activated).toEqual({
    code: 0,
    said: expect.stringContaining('flow 95598: version 2 is in force from the next caller on'),
  });

  await standbyWaits(hotline.instance);
  await killAndWait(hotline.instance, 'controller');
  await first.press('1');
  expect(await versionAt(first, 'service-info')).toBe(1);
  const second = await hotline.greeted({ from: '13800000002' });
  await second.press('1');
  expect(await versionAt(second, 'news')).toBe(2);

  // A bad one: all its problems are told, and nothing changes.
  edit('"1": news', '"1": nows');
  edit('queue: power-service', 'queue: power');
  const refused = await ivr('activate', '95598');
  expect(refused.code).toBe(1);
  expect(refused.said).toMatch(
    /95598\.yaml:\d+: nodes\.main-menu\.keys\.1: there is no node "nows"; did you mean "news"\?/,
  );
  expect(refused.said).toMatch(/95598\.yaml:\d+: nodes\.person\.queue: there is no queue "power"/);
  expect(await inForce()).toBe(2);

  expect(await ivr('rollback', '95598')).toMatchObject({ code: 0 });
  const third = await hotline.greeted({ from: '13800000003' });
  await third.press('1');
  expect(await versionAt(third, 'service-info')).toBe(3);
  expect((await ivr('versions', '95598')).said).toMatch(
    /95598: version 3 is in force[\s\S]*admin {2}\(version 1 again\)[\s\S]*set-up/,
  );
  const recorded = await until(
    'the activations to be on record',
    async () => {
      const rows = await hotline.instance.query<{
        payload: { version: number; by: string; rollsBackTo: number | null };
      }>(`select payload from call_event where type = 'FlowActivated' order by at`);
      return rows.length === 2 ? rows.map(({ payload }) => payload) : null;
    },
    { withinMs: 10_000, everyMs: 100 },
  );
  expect(recorded).toMatchObject([
    { version: 2, by: 'admin', rollsBackTo: null },
    { version: 3, by: 'admin', rollsBackTo: 1 },
  ]);
  for (const call of [first, second, third]) call.hangUp();
  await hotline.tidyUp();
});
