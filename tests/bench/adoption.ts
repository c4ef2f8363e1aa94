import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeFolders } from '../../infra/parts/files.ts';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { freePort, freePortRange } from '../support/free-ports.ts';
import { type Instance, startInstance } from '../support/instance.ts';
import { pidOf } from '../support/kill-part.ts';
import { type Running, run } from '../support/processes.ts';
import { flowsFolder } from '../support/read-flows.ts';
import { TRUNK_IP } from '../support/telephones.ts';
import { SAMPLE_RATE_HZ } from '../support/tone.ts';
import { pause, until } from '../support/until.ts';
import { writeWav } from '../support/wav.ts';
import { numberOf, writeBenchCentre } from './bench-centre.ts';
import type { Benchmark } from './figure.ts';
import { shortenPrompts } from './hotline-under-load.ts';
import { signallingScenario } from './signalling-scenario.ts';
import { quantile, rounded, spread } from './statistics.ts';

const budgetMs = 2_000;
const callsPerSecond = 20;

/**
 * The controller is killed with many callers waiting: from its new connection to Asterisk, and from its start,
 * until the last of them is in its hands again and has been given what it is due. Their order in the queue must be the same.
 */
export const adoption: Benchmark = async ({ quick, say, onBreak }) => {
  const callCount = quick ? 100 : 500;
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  writeBenchCentre(join(folder, 'centre.yaml'), 1);
  // Two ports for each caller, and some to spare.
  const rtpCount = callCount * 2 + 200;
  const rtp = await freePortRange(rtpCount);
  const instance = await startInstance({
    centre: join(folder, 'centre.yaml'),
    // The callers are silent: it must not be taken for a dead line.
    env: {
      HOTLINE_RTP_PORTS: `${rtp}-${rtp + rtpCount - 1}`,
      HOTLINE_TRUNK_SILENCE_S: '3600',
      HOTLINE_FLOWS: flowsFolder('small'),
    },
  });
  onBreak(instance.stop);
  let sipp: Running | undefined;
  try {
    shortenPrompts(join(instance.home, 'sounds'));
    silenceMusic(homeFolders(instance.home).music);
    const lead = await until('the lead to sign in', () => instance.signIn('lead'), {
      withinMs: 60_000,
      everyMs: 1_000,
    });
    const line = async (): Promise<string[]> => {
      const { calls } = await lead.get<LiveSnapshot>('live');
      const waiting = calls.filter(({ stage }) => stage === 'waiting');
      return waiting.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map(({ callId }) => callId);
    };
    sipp = await callersWhoWait(instance, folder, callCount);
    let seen = 0;
    const allWait = async (): Promise<boolean> => {
      seen = (await line()).length;
      return seen === callCount;
    };
    await until(`${callCount} callers to wait`, allWait, {
      withinMs: 180_000,
      everyMs: 500,
      seen: () => seen,
    });
    say(`${callCount} callers wait`);
    const before = await line();
    const samples: Awaited<ReturnType<typeof killAndTime>>[] = [];
    for (let time = 0; time < (quick ? 2 : 5); time++) {
      // It has shipped and kept what it had to: a second kill finds what the first one found.
      await pause(6_000);
      const sample = await killAndTime(instance, callCount);
      samples.push(sample);
      say(
        `connected ${sample.fromConnection} ms, started ${sample.fromStart} ms, killed ${sample.fromKill} ms before the last was adopted`,
      );
      if ((await until('the line', line)).join() !== before.join())
        throw new Error('the order of the queue has changed');
    }
    const figure = (what: string, of: keyof (typeof samples)[number], budget?: { atMost: number }) => {
      const took = samples.map((sample) => sample[of]);
      return {
        what: `${callCount} calls adopted, from ${what}, worst`,
        unit: 'ms' as const,
        value: rounded(quantile(took, 1)),
        ...(budget && { budget }),
        detail: spread(took),
      };
    };
    return [
      figure('the connection to Asterisk', 'fromConnection', { atMost: budgetMs }),
      figure("the controller's start", 'fromStart'),
      figure('the kill', 'fromKill'),
    ];
  } finally {
    await sipp?.kill();
    await instance.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Music without a sound: playing it to hundreds is Asterisk's work, not ours, and would be all that this machine does. */
function silenceMusic(folder: string): void {
  const nothing = { samples: new Int16Array(0), sampleRateHz: SAMPLE_RATE_HZ };
  for (const name of readdirSync(folder)) writeWav(join(folder, name), nothing);
}

/** Callers who press 0 and stay until sipp is killed. */
async function callersWhoWait(instance: Instance, folder: string, callCount: number): Promise<Running> {
  const day = 24 * 3_600_000;
  const scenario = signallingScenario(TRUNK_IP, {
    dials: numberOf.withoutWrapUp,
    keyAfterMs: 1_000,
    keyAgainAfterMs: day,
    leaveInMenu: 0,
  });
  writeFileSync(join(folder, 'waiting.xml'), scenario);
  return run({
    name: 'sipp',
    program: instance.tools.sipp,
    cwd: folder,
    discardStdout: true,
    args: [
      `127.0.0.1:${instance.sipPort}`,
      ...['-sf', 'waiting.xml', '-i', TRUNK_IP, '-p', String(await freePort(TRUNK_IP)), '-nostdin'],
      ...['-m', String(callCount), '-r', String(callsPerSecond), '-l', String(callCount)],
    ],
  });
}

/** kill -9, and the times until the new controller says that it has taken everything over; its own clock is ours. */
async function killAndTime(instance: Instance, callCount: number) {
  const before = pidOf(instance, 'controller');
  const logFile = join(instance.home, 'logs', 'controller.log');
  const logFrom = readFileSync(logFile).length;
  const killedAt = Date.now();
  process.kill(before, 'SIGKILL');
  const started = async (): Promise<number | null> =>
    pidOf(instance, 'controller') === before ? null : Date.now();
  const startedAt = await until('another controller', started, { withinMs: 10_000, everyMs: 5 });
  const takenOver = (): { time: number; legs: number; ms: number } | null => {
    const lines = readFileSync(logFile).subarray(logFrom).toString('utf8').split('\n');
    const line = lines.find((one) => one.includes('"its calls are ours again"'));
    return line === undefined ? null : JSON.parse(line);
  };
  const { time, legs, ms } = await until('all calls to be adopted', takenOver, {
    withinMs: 60_000,
    everyMs: 50,
    seen: instance.logs,
  });
  if (legs !== callCount)
    throw new Error(
      `${legs} of ${callCount} calls were adopted, ${time - killedAt} ms after the kill; the watchdog begins to give them to the fallback after 8 s`,
    );
  await until('the controller to be ready', async () => (await fetch(`${instance.url}/readyz`)).ok, {
    withinMs: 30_000,
  });
  return { fromConnection: ms, fromStart: time - startedAt, fromKill: time - killedAt };
}
