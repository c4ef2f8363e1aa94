import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeKinds } from '../../services/ivr/flow.ts';
import { loadCentre, loadFlows } from '../../services/runtime/centre-file.ts';
import { flowsFolder } from '../support/read-flows.ts';

const dialplans = join(import.meta.dirname, '../../dialplans');

test.each(['small', 'every-kind'] as const)(
  'the flows "%s" that system tests work with are such as the service takes',
  (name) => {
    const centre = loadCentre(join(dialplans, 'centre.yaml'));
    const flows = loadFlows(flowsFolder(name), join(dialplans, 'prompts'), centre);
    const kinds = new Set([...flows.values()].flatMap(({ nodes }) => [...nodes.values()].map((n) => n.kind)));
    if (name === 'every-kind') expect([...kinds].sort()).toEqual([...nodeKinds].sort());
  },
);
