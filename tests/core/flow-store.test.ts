import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asId, type FlowId } from '../../services/events/ids.ts';
import type { FlowActivated } from '../../services/events/self-service.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { createFlowDesk, overview } from '../../services/runtime/flow-desk.ts';
import { flowStoreOf, loadFlowsInForce, prepareFlows } from '../../services/runtime/flows-in-force.ts';
import { LiveFlowShelf } from '../../services/runtime/live-flow-shelf.ts';

const repoDir = join(import.meta.dirname, '../..');
const centreFile = join(repoDir, 'dialplans/centre.yaml');
const centre = loadCentre(centreFile);
const flow = asId<FlowId>('95598');

let folder: string;
let places: { repoDir: string; homeDir: string; flowsDir: string; lookupsFile: string; centreFile: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-flows-'));
  cpSync(join(import.meta.dirname, '../support/flows/small'), join(folder, 'ivr'), { recursive: true });
  places = {
    repoDir,
    homeDir: join(folder, 'home'),
    flowsDir: join(folder, 'ivr'),
    lookupsFile: join(repoDir, 'dialplans/lookups.yaml'),
    centreFile,
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(places.flowsDir, '95598.yaml');
const edit = (from: string, to: string) => {
  const text = readFileSync(file(), 'utf8');
  expect(text).toContain(from);
  writeFileSync(file(), text.replace(from, to));
};
const inForce = () => loadFlowsInForce(places, centre).get(flow);

/** A controller's desk over this home. */
function desk() {
  const events: FlowActivated[] = [];
  const store = flowStoreOf(places);
  const shelf = new LiveFlowShelf(loadFlowsInForce(places, centre), store);
  const it = createFlowDesk({
    places,
    shelf,
    now: () => 1_772_000_000_000,
    record: (event) => events.push(event),
  });
  return { ...it, shelf, events, store };
}

describe('versions of flows', () => {
  test('the first start puts every flow in force as version 1; a second start changes nothing', () => {
    expect(prepareFlows(places, centre, 1)).toEqual([
      'flow 10050: version 1 is in force',
      'flow 95598: version 1 is in force',
    ]);
    expect(prepareFlows(places, centre, 2)).toEqual([]);
    expect(inForce()?.version).toBe(1);
  });

  test('an edited file changes nothing by itself: the next start says so, and callers hear what is in force', () => {
    prepareFlows(places, centre, 1);
    edit('listenSeconds: 6', 'listenSeconds: 7');
    expect(prepareFlows(places, centre, 2)).toEqual([
      expect.stringMatching(
        /^flow 95598: .*95598\.yaml differs from version 1 in force; .*npm run ivr -- activate 95598/,
      ),
    ]);
    expect(inForce()?.nodes.get(asId('main-menu'))).toMatchObject({ listenMs: 6_000 });
  });

  test('activated, it is in force for the next caller, recorded with who and when; the old version stays to be had', async () => {
    prepareFlows(places, centre, 1);
    const { activate, shelf, events, store } = desk();
    const before = shelf.inForce(flow);
    edit('listenSeconds: 6', 'listenSeconds: 7');
    expect(await activate({ flow, version: null, by: 'lead' })).toMatchObject({
      ok: true,
      activation: { version: 2, by: 'lead', at: 1_772_000_000_000, rollsBackTo: null },
    });
    expect(shelf.inForce(flow)?.nodes.get(asId('main-menu'))).toMatchObject({ listenMs: 7_000 });
    expect(shelf.version(flow, 1)).toBe(before);
    expect(events).toEqual([{ type: 'FlowActivated', flow, version: 2, by: 'lead', rollsBackTo: null }]);
    // The next controller goes on with the same, and has the old version for calls that are in it.
    const next = desk();
    expect(next.shelf.inForce(flow)?.version).toBe(2);
    expect(next.shelf.version(flow, 1)?.nodes.get(asId('main-menu'))).toMatchObject({ listenMs: 6_000 });
    expect(next.shelf.version(flow, 3)).toBeUndefined();
    expect(store.activations()).toHaveLength(3);
  }, 30_000);

  test('rolled back, the old text is in force again under a new number', async () => {
    prepareFlows(places, centre, 1);
    const { activate, shelf } = desk();
    edit('listenSeconds: 6', 'listenSeconds: 7');
    await activate({ flow, version: null, by: 'lead' });
    expect(await activate({ flow, version: 1, by: 'admin' })).toMatchObject({
      ok: true,
      activation: { version: 3, by: 'admin', rollsBackTo: 1 },
    });
    expect(shelf.inForce(flow)?.nodes.get(asId('main-menu'))).toMatchObject({ listenMs: 6_000 });
    expect(overview(places).find((one) => one.flow === flow)).toMatchObject({
      inForce: { version: 3 },
      fileDiffers: true,
    });
  }, 30_000);

  test('a bad one is refused whole, with all its problems by line, and the old one stays', async () => {
    prepareFlows(places, centre, 1);
    const { activate, shelf, events } = desk();
    edit('"1": service-info', '"1": servce-info');
    edit('queue: power-service', 'queue: power');
    const result = await activate({ flow, version: null, by: 'lead' });
    expect(result).toMatchObject({ ok: false, code: 'refused' });
    const problems =
      'problems' in result
        ? result.problems.map(({ line, what, suggestion }) => [line, what, suggestion])
        : [];
    expect(problems).toEqual(
      expect.arrayContaining([
        [16, 'there is no node "servce-info"', 'did you mean "service-info"?'],
        [expect.any(Number), 'there is no queue "power"', null],
      ]),
    );
    expect(shelf.inForce(flow)?.version).toBe(1);
    expect(events).toEqual([]);
    expect(flowStoreOf(places).activations()).toHaveLength(2);
  }, 30_000);

  test('what is not there, or is in force already, is told as such', async () => {
    prepareFlows(places, centre, 1);
    const { activate } = desk();
    const codes = [
      await activate({ flow: 'nowhere', version: null, by: 'lead' }),
      await activate({ flow: '../../etc', version: 1, by: 'lead' }),
      await activate({ flow, version: 9, by: 'lead' }),
      await activate({ flow, version: null, by: 'lead' }),
    ].map((result) => ('code' in result ? result.code : 'ok'));
    expect(codes).toEqual(['unknown-flow', 'unknown-version', 'unknown-version', 'unchanged']);
  });

  test('a line that a crash has torn costs that line only', async () => {
    prepareFlows(places, centre, 1);
    const { activate, store } = desk();
    appendFileSync(join(store.dir, 'activations.jsonl'), '{"flow":"95598","versi');
    edit('listenSeconds: 6', 'listenSeconds: 7');
    expect(await activate({ flow, version: null, by: 'lead' })).toMatchObject({ ok: true });
    expect(store.activations().map(({ version }) => version)).toEqual([1, 1, 2]);
  }, 30_000);

  test('when what is in force does not fit any more, and the files do, the files come into force', () => {
    prepareFlows(places, centre, 1);
    const store = flowStoreOf(places);
    const text = readFileSync(file(), 'utf8').replace('queue: power-service', 'queue: gone');
    store.activate({ flow, text, at: 2, by: 'lead', rollsBackTo: null });
    expect(() => inForce()).toThrow('there is no queue "gone"');
    expect(prepareFlows(places, centre, 3)).toEqual([
      expect.stringContaining('there is no queue "gone"'),
      'flow 95598: version 3 is in force, as what was in force does not fit any more',
    ]);
    expect(inForce()?.version).toBe(3);
  });
});
