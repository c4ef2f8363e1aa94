import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export type TestCentreOptions = {
  /** How many agents there are; the first is 1001. Default 10. */
  agents?: number;
  ringTimeoutSeconds?: number;
  wrapUpSeconds?: number;
  maxWaitSeconds?: number;
  /** How callbacks of a queue are made, where not as in the demo. */
  callbacks?: Readonly<Record<string, { first: 'agent' | 'caller' }>>;
  /** How queues are served, and what agents can do, as the file says it. */
  serving?: Readonly<Record<string, object>>;
  abilities?: Readonly<Record<string, object>>;
  /** Which queues an agent serves, by number; default all. */
  queuesOf?: (agent: string) => string[];
};

type CentreText = {
  queueDefaults: Record<string, unknown>;
  queues: Record<string, object>;
  agents: Record<string, { name: string; queues: string[] }>;
};

const demoCentre = join(import.meta.dirname, '../../dialplans/centre.yaml');

/** The demo centre with other times and numbers of agents, as a file of its own. */
export function writeTestCentre(options: TestCentreOptions = {}): { file: string; remove(): void } {
  const {
    agents = 10,
    queuesOf = () => ['power-service', 'telecom-service'],
    callbacks = {},
    serving = {},
    abilities = {},
    ...queueDefaults
  } = options;
  const demo = parse(readFileSync(demoCentre, 'utf8')) as CentreText;
  const staff = agentNumbers(agents).map((id) => [
    id,
    { name: `座席 ${id}`, queues: queuesOf(id), ...abilities[id] },
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'hotline-centre-'));
  const file = join(folder, 'centre.yaml');
  writeFileSync(
    file,
    stringify({
      ...demo,
      queueDefaults: { ...demo.queueDefaults, ...queueDefaults },
      queues: Object.fromEntries(
        Object.entries(demo.queues).map(([queue, own]) => [
          queue,
          { ...own, ...serving[queue], ...(callbacks[queue] && { callbacks: callbacks[queue] }) },
        ]),
      ),
      agents: Object.fromEntries(staff),
    }),
  );
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `1001`, `1002`, … */
export function agentNumbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(1001 + i));
}
