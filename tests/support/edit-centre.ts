import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { Instance } from './instance.ts';
import { until } from './until.ts';

/** The centre's file as far as tests change it. */
export type CentreText = {
  queueDefaults: Record<string, unknown>;
  queues: Record<string, unknown>;
  agents: Record<string, { name: string; queues: string[] }>;
};

/** Edits an instance's own centre file as a person would; it counts after a reload. Returns how to put the former text back. */
export function editCentre(instance: Instance, edit: (centre: CentreText) => void): () => void {
  const file = instance.env.HOTLINE_CENTRE;
  if (file === undefined) throw new Error('this instance works with the demo centre: do not edit it');
  const before = readFileSync(file, 'utf8');
  const centre = parse(before) as CentreText;
  edit(centre);
  writeFileSync(file, stringify(centre));
  return () => writeFileSync(file, before);
}

/** Asks the supervisor to reload; returns the lines of its verdict, once it is done. */
export async function reload(instance: Instance): Promise<string[]> {
  const said = () => instance.running.output();
  const before = said().length;
  process.kill(instance.running.pid, 'SIGUSR2');
  const verdict = /^(✓ centre reloaded.*|! centre taken over.*|! reload refused.*(\n {2}.*)+)\n/m;
  const found = await until('the reload to be over', () => verdict.exec(said().slice(before)), {
    withinMs: 60_000,
    everyMs: 50,
    seen: () => instance.logs(),
  });
  return found[0].trimEnd().split('\n');
}
