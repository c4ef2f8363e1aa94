import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPidFile } from '../../infra/supervisor/pid-files.ts';
import type { ApiClient } from '../support/api-client.ts';
import { type Instance, startInstance } from '../support/instance.ts';
import { metricSum } from '../support/metrics-text.ts';
import { flowsFolder } from '../support/read-flows.ts';
import { SAMPLE_RATE_HZ } from '../support/tone.ts';
import { until } from '../support/until.ts';
import { writeWav } from '../support/wav.ts';
import { writeBenchCentre } from './bench-centre.ts';

/** As many agents as any benchmark rings; all are signed out until one needs them. */
const agentCount = 40;

/** The whole service with a centre for load, and the sights of it that benchmarks need. */
export type HotlineUnderLoad = Pick<
  Instance,
  'home' | 'phones' | 'query' | 'metrics' | 'sipPort' | 'leftInAsterisk' | 'logs'
> & {
  readonly tools: Instance['tools'];
  readonly agents: readonly string[];
  setAgents(agents: readonly string[], state: 'available' | 'signed-out'): Promise<void>;
  /** From now on every announcement lasts a tenth of a second: for calls that are signalling alone. */
  shortenPrompts(): void;
  /** Memory of the controller's process that is in RAM, in MB (10^6 bytes), as the kernel counts it. */
  controllerRssMB(): number;
  /** Calls that have ended since the controller started. */
  endedCalls(): Promise<number>;
  /** Waits until no call is left anywhere and Postgres has all events. */
  settled(withinMs: number): Promise<void>;
  stop(): Promise<void>;
};

/** @throws when the service doesn't come up; nothing is left then */
export async function startHotlineUnderLoad(): Promise<HotlineUnderLoad> {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  const centre = join(folder, 'centre.yaml');
  const agents = writeBenchCentre(centre, agentCount);
  const instance = await startInstance({ centre, env: { HOTLINE_FLOWS: flowsFolder('small') } });
  const stop = async (): Promise<void> => {
    await instance.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  // Passwords are hashed beside the start: on a busy machine it takes a while until all can sign in.
  const lead = await until('the lead to sign in', () => instance.signIn('lead'), {
    withinMs: 60_000,
    everyMs: 3_000,
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const ended = async (): Promise<number> => metricSum(await instance.metrics(), 'hotline_calls_total');
  return {
    home: instance.home,
    phones: instance.phones,
    query: instance.query,
    metrics: instance.metrics,
    sipPort: instance.sipPort,
    leftInAsterisk: instance.leftInAsterisk,
    logs: instance.logs,
    tools: instance.tools,
    agents,
    setAgents: (some, state) => setAgents(lead, some, state),
    shortenPrompts: () => shortenPrompts(join(instance.home, 'sounds')),
    controllerRssMB: () => rssMB(controllerPid(instance.home)),
    endedCalls: ended,
    async settled(withinMs) {
      const seen = { calls: -1, backlog: -1 };
      await until(
        'all calls to be over and their events to be in Postgres',
        async () => {
          const live = await lead.get<{ calls: unknown[] }>('live');
          seen.calls = live.calls.length;
          seen.backlog = metricSum(await instance.metrics(), 'hotline_journal_backlog_events');
          return seen.calls === 0 && seen.backlog === 0;
        },
        { withinMs, everyMs: 200, seen: () => seen },
      );
    },
    stop,
  };
}

async function setAgents(
  lead: ApiClient,
  agents: readonly string[],
  state: 'available' | 'signed-out',
): Promise<void> {
  for (const agent of agents) {
    const { status, body } = await lead.send('PUT', `agents/${agent}/state`, { state });
    if (status >= 300) throw new Error(`agent ${agent} to ${state}: ${status} ${JSON.stringify(body)}`);
  }
  await until(
    `agents are ${state}`,
    async () => {
      const live = await lead.get<{ agents: { agent: string; state: string }[] }>('live');
      return live.agents.every((one) => !agents.includes(one.agent) || one.state === state);
    },
    { withinMs: 20_000, everyMs: 100 },
  );
}

/** Asterisk opens a prompt's file each time it plays it. */
export function shortenPrompts(soundsDir: string): void {
  const silence = { samples: new Int16Array(SAMPLE_RATE_HZ / 10), sampleRateHz: SAMPLE_RATE_HZ };
  for (const language of ['zh-CN', 'en'])
    for (const file of readdirSync(join(soundsDir, language)).filter((name) => name.endsWith('.wav')))
      writeWav(join(soundsDir, language, file), silence);
}

function controllerPid(home: string): number {
  const known = readPidFile(join(home, 'run'), 'controller');
  if (!known) throw new Error(`no controller is noted in ${home}`);
  return known.pid;
}

/** The kernel's VmRSS, as proc(5) tells. */
function rssMB(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has no VmRSS`);
  return (Number(kilobytes) * 1_024) / 1e6;
}
