import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { already, type Report, step } from './progress.ts';
import { run } from './run.ts';

/** All that the screens are built from; a file that is missing from this list would leave old screens in place. */
const SOURCES = [
  'dashboards',
  'services/events',
  'services/adapters/http/contract',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_SOURCES = /^(dist|grafana|generated|node_modules)$/;
const STAMP = '.sources-sha256';

/** Builds the screens into `outDir` when their sources changed since; the old ones stay until the new ones are complete. */
export async function ensureUi(repoDir: string, outDir: string, report: Report): Promise<void> {
  const hash = sourcesHash(repoDir);
  const stamp = join(outDir, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return already(report, 'screens');
  await step(report, 'screens built', async () => {
    const building = `${outDir}.building-${process.pid}`;
    const replaced = `${outDir}.replaced-${process.pid}`;
    mkdirSync(dirname(outDir), { recursive: true });
    try {
      const vite = join(repoDir, 'node_modules/vite/bin/vite.js');
      await run(
        process.execPath,
        [vite, 'build', '--config', 'dashboards/vite.config.ts', '--logLevel', 'warn'],
        {
          cwd: repoDir,
          env: { HOTLINE_UI_OUT: building, NODE_ENV: 'production' },
        },
      );
      writeFileSync(join(building, STAMP), hash);
      if (existsSync(outDir)) renameSync(outDir, replaced);
      renameSync(building, outDir);
    } finally {
      for (const dir of [building, replaced]) rmSync(dir, { recursive: true, force: true });
    }
  });
}

function sourcesHash(repoDir: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesUnder(join(repoDir, source)))
      hash.update(file.slice(repoDir.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !NOT_SOURCES.test(name))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
