import { createHash } from 'node:crypto';
import type { Centre } from '../calls/centre.ts';

/**
 * Of all that says who may serve whom: queues' plans, and agents' queues, skills and reserve. Two centres with the same fingerprint let the
 * same agents serve the same callers, whatever else differs between them, names and the order of the file among it.
 */
export function fingerprintOf({ queues, agents }: Pick<Centre, 'queues' | 'agents'>): string {
  const said = [
    sorted([...queues.values()].map(({ serving }) => JSON.stringify(serving.plan))),
    sorted(
      [...agents.values()].map(({ id, queues: own, skills, reserve }) =>
        JSON.stringify([id, sorted(own), sorted(skills.map((one) => JSON.stringify(one))), reserve]),
      ),
    ),
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 12);
}

const sorted = (texts: readonly string[]): string[] => texts.toSorted();
