import type { Logger } from 'pino';
import type { Part } from '../parts/part.ts';
import { end, launch, type Running, rest } from './launch.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;
const steadyAfterMs = 10_000;

export type SpareOptions = {
  readonly part: Part;
  readonly spare: NonNullable<Part['spare']>;
  readonly logFile: string;
  readonly runDir: string;
  readonly log: Logger;
  /** One line for a person. */
  readonly report: (line: string) => void;
};

/**
 * A second process of a part, kept ready to take over when the first one ends. Which of the two acts is their own affair (a
 * lock); here it is only kept running, and handed over when it has become the first.
 */
export class Spare {
  readonly #options: SpareOptions;
  readonly #stop = new AbortController();
  #running: Running | null = null;
  /** Something changed: look again. */
  #wake = new AbortController();
  #wanted = false;
  #keeping: Promise<void> | null = null;

  constructor(options: SpareOptions) {
    this.#options = options;
  }

  /** From now on there is to be a spare. */
  keep(): void {
    this.#wanted = true;
    this.#keeping ??= this.#keep();
    this.#lookAgain();
  }

  /** The spare, if it lives, to be the first from now on; no new one is started before `keep` is called again. */
  take(): Running | null {
    const running = this.#running?.ending === null ? this.#running : null;
    this.#wanted = false;
    this.#running = null;
    this.#lookAgain();
    return running;
  }

  /** Replaces the spare by a new one, which reads everything anew. Returns when that one is ready, or has not become so in time. */
  async renew(): Promise<void> {
    const old = this.#running;
    if (old) await this.#end(old);
    const deadline = performance.now() + this.#options.spare.readyLimitMs;
    while (performance.now() < deadline && !this.#stop.signal.aborted) {
      const pid = this.#running === old ? undefined : this.#running?.child.pid;
      if (pid !== undefined && this.#running?.ending === null && this.#options.spare.isReady(pid)) return;
      await rest(50, this.#stop.signal);
    }
    this.#options.log.warn('the new spare was not ready in time');
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#lookAgain();
    if (this.#running) await this.#end(this.#running);
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; ) {
      this.#wake = new AbortController();
      const wake = AbortSignal.any([this.#wake.signal, this.#stop.signal]);
      if (!this.#wanted) {
        await rest(longestPauseMs, wake);
        continue;
      }
      if (this.#running?.ending === null) {
        await rest(longestPauseMs, AbortSignal.any([this.#running.over, wake]));
        continue;
      }
      if (this.#running) {
        const livedMs = performance.now() - this.#running.startedAtMs;
        failures = livedMs > steadyAfterMs ? 0 : failures + 1;
        this.#options.log.error({ ending: this.#running.ending }, 'the spare ended');
        this.#running = null;
        if (failures > 1) await rest(Math.min(longestPauseMs, firstPauseMs * 2 ** failures), wake);
        continue;
      }
      this.#launch();
    }
  }

  #launch(): void {
    const { part, spare, logFile, runDir, log } = this.#options;
    this.#running = launch({ ...part, name: spare.name, launch: () => part.launch() }, logFile, runDir);
    log.info({ pid: this.#running.child.pid }, 'spare started');
  }

  #lookAgain(): void {
    this.#wake.abort();
  }

  async #end(running: Running): Promise<void> {
    const { part } = this.#options;
    await end(running, part.stopSignal, part.stopLimitMs);
  }
}
