import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-ports.ts';
import { run } from '../support/processes.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import { TRUNK_IP } from '../support/telephones.ts';
import { inTime, pause } from '../support/until.ts';
import type { HotlineUnderLoad } from './hotline-under-load.ts';
import { type Behaviour, signallingScenario } from './signalling-scenario.ts';

export type Traffic = Behaviour & {
  calls: number;
  ratePerSecond: number;
  /** sipp waits with the next call while this many are open. */
  openAtMost: number;
  withinMs: number;
};

/** From the INVITE to the 200 OK of one call, as sipp measured it; `at` in epoch milliseconds. */
export type PickUp = { at: number; tookMs: number };

/** Sends calls without sound until all are over. @returns how many ended as scripted, and how many did not */
export async function sendCalls(
  hotline: HotlineUnderLoad,
  traffic: Traffic,
): Promise<{ ok: number; failed: number; seconds: number; pickUps: PickUp[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-sipp-'));
  const begun = performance.now();
  const begunAt = Date.now();
  try {
    writeFileSync(join(folder, 'load.xml'), signallingScenario(TRUNK_IP, traffic));
    const sipp = await run({
      name: 'sipp',
      program: hotline.tools.sipp,
      cwd: folder,
      discardStdout: true,
      args: [
        `127.0.0.1:${hotline.sipPort}`,
        ...['-sf', 'load.xml', '-i', TRUNK_IP, '-p', String(await freePort(TRUNK_IP)), '-nostdin'],
        ...[
          '-m',
          String(traffic.calls),
          '-r',
          String(traffic.ratePerSecond),
          '-l',
          String(traffic.openAtMost),
        ],
        ...['-trace_stat', '-stf', 'stat.csv', '-fd', '1', '-trace_err', '-error_file', 'errors.txt'],
        ...['-trace_rtt', '-rtt_freq', '1'],
        ...['-timeout', `${Math.ceil(traffic.withinMs / 1_000)}s`],
      ],
    });
    try {
      await inTime(`${traffic.calls} calls to be over`, sipp.exited, traffic.withinMs + 10_000);
    } finally {
      await sipp.kill();
    }
    const { ok, failed } = readStatistics(join(folder, 'stat.csv'));
    if (ok === 0) throw new Error(`not one call went well: ${errorsIn(folder)} ${sipp.output().slice(-500)}`);
    return {
      ok,
      failed,
      seconds: (performance.now() - begun) / 1_000,
      pickUps: readPickUps(folder, begunAt),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Agents who pick up after `answerAfterMs` and hang up after `talkMs`, for ever. `problems` tells what went wrong. */
export async function robotAgents(
  hotline: HotlineUnderLoad,
  agents: readonly string[],
  { answerAfterMs, talkMs }: { answerAfterMs: number; talkMs: number },
): Promise<{ phones: SipPhone[]; problems: string[]; stop(): Promise<void> }> {
  const problems: string[] = [];
  const serve = async (phone: SipPhone): Promise<void> => {
    await pause(answerAfterMs);
    const is = (state: SipPhone['state']): boolean => phone.state === state;
    // The caller may have left meanwhile, here and below.
    if (!is('ringing')) return;
    await phone.answer();
    await pause(talkMs);
    if (is('talking')) await phone.hangUp();
  };
  const phones = await hotline.phones(agents, {
    audio: false,
    onRinging: (phone) => void serve(phone).catch((error: unknown) => problems.push(String(error))),
  });
  await hotline.setAgents(agents, 'available');
  return {
    phones,
    problems,
    async stop() {
      await hotline.setAgents(agents, 'signed-out');
      await Promise.all(phones.map((phone) => phone.stop()));
    },
  };
}

/** The last line of sipp's statistics: cumulative counts by the names of its first line. */
function readStatistics(file: string): { ok: number; failed: number } {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.at(-1)?.split(';') ?? [];
  const count = (name: string): number => Number(values[names.indexOf(name)] ?? Number.NaN);
  return { ok: count('SuccessfulCall(C)'), failed: count('FailedCall(C)') };
}

/** sipp's own file of response times: when (in milliseconds from sipp's start), how long, which. */
function readPickUps(folder: string, begunAt: number): PickUp[] {
  const file = readdirSync(folder).find((name) => name.endsWith('_rtt.csv'));
  if (file === undefined) return [];
  return readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(';').map(Number))
    .map(([afterMs = 0, tookMs = 0]) => ({ at: begunAt + afterMs, tookMs }));
}

function errorsIn(folder: string): string {
  return readdirSync(folder).includes('errors.txt')
    ? readFileSync(join(folder, 'errors.txt'), 'utf8').slice(0, 800)
    : 'sipp noted no errors';
}
