import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asId, type FlowId } from '../../services/events/ids.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { CallerInFlow } from '../support/caller-in-flow.ts';
import { flowsFolder, flowsOf } from '../support/read-flows.ts';
import { simulateHotline } from '../support/simulated-hotline.ts';

const text = readFileSync(join(flowsFolder('every-kind'), '95598.yaml'), 'utf8');
const id = asId<FlowId>('95598');
const other = readFileSync(join(flowsFolder('every-kind'), 'other.yaml'), 'utf8');
const versionOf = (version: number, change: (yaml: string) => string) => {
  const flows = flowsOf(change(text.replace('version: 1', `version: ${version}`)), other);
  return flows.get(id) as Flow;
};
const first = versionOf(1, (yaml) => yaml);
/** Key 1 is something else, the bill is gone, and the main menu has another name. */
const second = versionOf(2, (yaml) =>
  yaml.replace('"1": service-info', '"1": must-hear').replaceAll('say-bill', 'tell-bill'),
);

function hotlineWithVersions() {
  let inForce = first;
  let kept = [first, second];
  const others = flowsOf(other);
  const hotline = simulateHotline({
    shelf: {
      inForce: (flow) => (flow === id ? inForce : others.get(flow)),
      version: (flow, version) =>
        flow === id ? kept.find((one) => one.version === version) : others.get(flow),
    },
  });
  return {
    hotline,
    activate: (flow: Flow) => {
      inForce = flow;
    },
    forget: (flow: Flow) => {
      kept = kept.filter((one) => one !== flow);
    },
  };
}

const restart = (hotline: ReturnType<typeof simulateHotline>) => {
  hotline.killController();
  hotline.pass(20_000);
  hotline.startController();
};

test('a call stays on the version it began with: through other flows, back again, and over a restart', () => {
  const { hotline, activate } = hotlineWithVersions();
  const caller = new CallerInFlow(hotline);
  caller.hearsOut('main-menu');
  activate(second);
  const next = new CallerInFlow(hotline);
  next.hearsOut('main-menu');
  caller.presses('5');
  caller.hearsOut('other-menu');
  caller.presses('2');
  caller.hearsOut('main-menu');
  restart(hotline);
  caller.hearsOut('main-menu');
  caller.presses('1');
  caller.isAt('service-info');
  next.hearsOut('main-menu');
  next.presses('1');
  next.isAt('must-hear');
  const versions = (of: CallerInFlow) =>
    new Set(hotline.of(of.leg, 'FlowNodeEntered').map((e) => `${e.flow} ${e.flowVersion}`));
  expect(versions(caller)).toEqual(new Set(['95598 1', 'other 7']));
  expect(versions(next)).toEqual(new Set(['95598 2']));
});

test('a version that is nowhere to be found: on in the one in force, at the node of that name or at the start', () => {
  const { hotline, activate, forget } = hotlineWithVersions();
  hotline.lookups.answers('power-bill', { result: 'found', values: { balance: '1.00' } });
  const [atMenu, atBill] = [new CallerInFlow(hotline), new CallerInFlow(hotline)];
  atMenu.hearsOut('main-menu');
  atBill.hearsOut('main-menu');
  atBill.presses('2');
  atBill.presses('12345#');
  atBill.isAt('say-bill');
  activate(second);
  forget(first);
  restart(hotline);
  atMenu.hearsOut('main-menu');
  atMenu.presses('1');
  atMenu.isAt('must-hear');
  expect(atBill.path().join(' ')).toContain('say-bill open welcome main-menu');
  expect(hotline.bugs).toEqual([]);
});
