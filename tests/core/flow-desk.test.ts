import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { createFlowDesk, type FlowDesk } from '../../services/runtime/flow-desk.ts';
import { flowStoreOf, loadFlowsInForce, prepareFlows } from '../../services/runtime/flows-in-force.ts';
import { LiveFlowShelf } from '../../services/runtime/live-flow-shelf.ts';
import { fakeFlowDesk } from '../support/fake-flow-desk.ts';
import { flowsFolder } from '../support/read-flows.ts';

const repoDir = join(import.meta.dirname, '../..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-flow-desk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Flows 95598 and 10050 at version 1; the file of 95598 has been edited since. */
function realDesk(): FlowDesk {
  const centreFile = join(repoDir, 'dialplans/centre.yaml');
  const centre = loadCentre(centreFile);
  const flowsDir = join(folder, 'ivr');
  cpSync(flowsFolder('small'), flowsDir, { recursive: true });
  const lookupsFile = join(repoDir, 'dialplans/lookups.yaml');
  const places = { repoDir, homeDir: join(folder, 'home'), flowsDir, lookupsFile, centreFile };
  prepareFlows(places, centre, 1);
  const file = join(flowsDir, '95598.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('listenSeconds: 6', 'listenSeconds: 7'));
  const shelf = new LiveFlowShelf(loadFlowsInForce(places, centre), flowStoreOf(places));
  return createFlowDesk({ places, shelf, now: () => 1_772_000_000_000, record: () => undefined });
}

/** What the screens and the API go by, of the desk and of the fake that stands for it in their tests. */
describe.each([
  ['the desk', realDesk],
  ['the fake desk', () => fakeFlowDesk()],
] as const)('%s of flows', (_name, open) => {
  const flow = '95598';

  test('tells of each flow what is in force, the newest version first, and whether its file says something else', async () => {
    const desk = open();
    expect(desk.flows().map((one) => [one.flow, one.inForce?.version, one.fileDiffers])).toEqual([
      ['10050', 1, false],
      [flow, 1, true],
    ]);
    expect(await desk.activate({ flow, version: null, by: 'lead' })).toMatchObject({
      ok: true,
      activation: { flow, version: 2, by: 'lead', rollsBackTo: null },
    });
    const after = desk.flows().find((one) => one.flow === flow);
    expect(after?.versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(after).toMatchObject({ inForce: { version: 2 }, fileDiffers: false });
  }, 30_000);

  test('an old version is put in force again under a new number', async () => {
    const desk = open();
    await desk.activate({ flow, version: null, by: 'lead' });
    expect(await desk.activate({ flow, version: 1, by: 'admin' })).toMatchObject({
      ok: true,
      activation: { version: 3, by: 'admin', rollsBackTo: 1 },
    });
    expect(desk.flows().find((one) => one.flow === flow)?.fileDiffers).toBe(true);
    expect(desk.version(flow, 2)?.id).toBe(flow);
    expect([desk.version(flow, 9), desk.version('nowhere', 1)]).toEqual([null, null]);
  }, 30_000);

  test('what is not there, or is in force already, is told as such, and nothing changes', async () => {
    const desk = open();
    const refused = [
      await desk.activate({ flow: 'nowhere', version: null, by: 'lead' }),
      await desk.activate({ flow: '../../etc', version: 1, by: 'lead' }),
      await desk.activate({ flow, version: 9, by: 'lead' }),
      await desk.activate({ flow, version: 1, by: 'lead' }),
      await desk.activate({ flow: '10050', version: null, by: 'lead' }),
    ].map((result) => ('code' in result ? result.code : 'ok'));
    expect(refused).toEqual(['unknown-flow', 'unknown-version', 'unknown-version', 'unchanged', 'unchanged']);
    expect(desk.flows().map(({ versions }) => versions.length)).toEqual([1, 1]);
  });
});
