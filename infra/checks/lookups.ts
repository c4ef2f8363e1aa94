import { join } from 'node:path';
import { CentreError } from '../../services/runtime/centre-file.ts';
import { loadLookups } from '../../services/runtime/lookups-file.ts';

/** Problems of `dialplans/lookups.yaml` by itself; whether flows use its lookups rightly is the flow checker's business. */
export function lookupProblems(repoDir: string): readonly string[] {
  try {
    loadLookups(join(repoDir, 'dialplans', 'lookups.yaml'));
    return [];
  } catch (error) {
    if (error instanceof CentreError) return error.problems;
    throw error;
  }
}
