import { join } from 'node:path';
import { type Check, programCheck } from './check.ts';
import { dependencyProblems } from './dependencies.ts';
import { flowProblems } from './flows.ts';
import { grafanaProblems } from './grafana.ts';
import { lookupProblems } from './lookups.ts';

/** Every check of `npm run check`, slow ones first. None needs a service or a private root. */
export function allChecks(repoDir: string): Check[] {
  const bin = (path: string) => join(repoDir, 'node_modules', path);
  return [
    programCheck('types (tsc)', repoDir, bin('typescript/bin/tsc'), [
      '-p',
      'tsconfig.json',
      '--noEmit',
      '--pretty',
      'false',
    ]),
    programCheck('promises and switches (oxlint)', repoDir, bin('oxlint/bin/oxlint'), [
      '--type-aware',
      '--deny-warnings',
    ]),
    programCheck('format and lint (biome)', repoDir, bin('@biomejs/biome/bin/biome'), [
      'ci',
      '--colors=off',
      '.',
    ]),
    { name: 'dependency rule', run: async () => dependencyProblems(repoDir) },
    { name: 'call flows and prompts', run: async () => flowProblems(repoDir) },
    { name: 'lookups', run: async () => lookupProblems(repoDir) },
    { name: 'dashboards and rules', run: async () => grafanaProblems(repoDir) },
  ];
}
