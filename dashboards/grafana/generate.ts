import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { overviewJson } from './overview.ts';

/** Every dashboard with the file it is kept in. Generated files are committed: Grafana reads them as they are. */
export const generatedDashboards = (): { file: string; json: string }[] => [
  { file: 'dashboards/grafana/generated/hotline-overview.json', json: overviewJson() },
];

if (import.meta.main) {
  for (const { file, json } of generatedDashboards()) {
    const path = join(import.meta.dirname, '..', '..', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, json);
    process.stdout.write(`${file}\n`);
  }
}
