import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeKinds } from '../../services/ivr/flow.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { checkedFlows, readFlowSources } from '../../services/runtime/flow-files.ts';
import { readSurroundings } from '../../services/runtime/flows-in-force.ts';
import { flowsFolder } from '../support/read-flows.ts';

const repoDir = join(import.meta.dirname, '../..');
const dialplans = join(repoDir, 'dialplans');

test.each(['small', 'every-kind'] as const)(
  'the flows "%s" that system tests work with are such as the service takes',
  (name) => {
    const places = {
      repoDir,
      centreFile: join(dialplans, 'centre.yaml'),
      homeDir: join(repoDir, 'no-home'),
      flowsDir: flowsFolder(name),
      lookupsFile: join(dialplans, 'lookups.yaml'),
    };
    const around = readSurroundings(places, loadCentre(join(dialplans, 'centre.yaml')));
    const flows = checkedFlows(readFlowSources(places.flowsDir), around);
    const kinds = new Set([...flows.values()].flatMap(({ nodes }) => [...nodes.values()].map((n) => n.kind)));
    if (name === 'every-kind') expect([...kinds].sort()).toEqual([...nodeKinds].sort());
  },
);
