import { expect, test } from 'vitest';
import { readSnapshot, snapshotFormat, writeSnapshot } from '../../services/runtime/snapshot.ts';
import { CallerInFlow } from '../support/caller-in-flow.ts';
import { simulateHotline } from '../support/simulated-hotline.ts';

type Text = { format: number; world: Record<string, [string, Record<string, unknown>][]> };

/** What format 2 knew of calls and of who waits. */
const without = (row: Record<string, unknown>, fields: readonly string[]) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !fields.includes(name)));

function asFormat2(snapshot: string): string {
  const text = JSON.parse(snapshot) as Text;
  const { switches: _s, handleTimes: _h, calls = [], lines = [], ...world } = text.world;
  const selfService = [
    ...['flowVersions', 'trail', 'digits', 'values', 'lookup', 'surveyed', 'lastQueue', 'lastAgent'],
  ];
  return JSON.stringify({
    ...text,
    format: 2,
    world: {
      ...world,
      calls: calls.map(([id, call]) => [id, without(call, selfService)]),
      lines: lines.map(([id, line]) => [
        id,
        (line as unknown as Record<string, unknown>[]).map((visit) => without(visit, ['skills'])),
      ]),
    },
  });
}

test('a snapshot of the former format is brought forward: calls in menus and queues go on', () => {
  const hotline = simulateHotline();
  const [menu, queue] = [new CallerInFlow(hotline), new CallerInFlow(hotline)];
  menu.hearsOut('main-menu');
  queue.hearsOut('main-menu');
  queue.presses('0');
  queue.isAt('person');
  const { world } = hotline.engine.state;
  const read = readSnapshot(asFormat2(writeSnapshot(hotline.engine.state)));
  // A way back is not known; everything else is.
  const calls = new Map([...world.calls].map(([id, call]) => [id, { ...call, trail: [] }]));
  expect(read?.world).toEqual({ ...world, calls });
  expect(snapshotFormat).toBe(4);
});

test('a snapshot of a later format is passed over', () => {
  const later = { ...JSON.parse(writeSnapshot(simulateHotline().engine.state)), format: snapshotFormat + 1 };
  expect(readSnapshot(JSON.stringify(later))).toBeNull();
});
