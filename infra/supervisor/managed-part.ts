import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Part, PartError } from '../parts/part.ts';
import { end, launch, type Running, rename, rest } from './launch.ts';
import { rotateWhenLarge, tail } from './log-files.ts';
import { Spare } from './spare.ts';

export type ManagedPartOptions = {
  readonly logDir: string;
  readonly runDir: string;
  readonly log: Logger;
  /** One line for a person. */
  readonly report: (line: string) => void;
  /** Between health checks of a running part. */
  readonly checkEveryMs: number;
};

const startAttempts = 3;
const longestPauseMs = 10_000;
/** How long a part that hung may take to stop before it is killed. */
const hungStopLimitMs = 2_000;
/** A part that lived this long has earned an immediate restart. */
const steadyAfterMs = 5_000;

/** Starts one part, watches it, starts it again when it dies, stops it. */
export class ManagedPart {
  readonly part: Part;
  readonly logFile: string;
  readonly #options: ManagedPartOptions;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  readonly #spare: Spare | null;
  #running: Running | null = null;
  /** It was ended on purpose and is to come back at once. */
  #restarting = false;
  /** Fires when it is back from its next restart. */
  #back = new AbortController();
  #watching: Promise<void> | null = null;

  constructor(part: Part, options: ManagedPartOptions) {
    this.part = part;
    this.logFile = join(options.logDir, `${part.name}.log`);
    this.#options = options;
    this.#log = options.log.child({ part: part.name });
    const { report, runDir } = options;
    this.#spare = part.spare
      ? new Spare({ part, spare: part.spare, logFile: this.logFile, runDir, log: this.#log, report })
      : null;
  }

  /** Its process id while it runs. */
  get pid(): number | null {
    return this.#running?.ending === null ? (this.#running.child.pid ?? null) : null;
  }

  /**
   * Starts it and waits until it is healthy and settled; from then on it is kept running.
   * @throws {PartError} when it keeps dying or does not become healthy, with the end of its log; also when it is stopped
   * meanwhile. The caller then stops it.
   */
  async start(): Promise<void> {
    this.#refuseWhenStopping();
    await this.part.prepare();
    for (let attempt = 1; ; attempt++) {
      this.#refuseWhenStopping();
      const running = this.#launch();
      const why = await this.#untilHealthy(running);
      this.#refuseWhenStopping();
      if (why === null) break;
      if (running.ending === null) {
        throw this.#failure(
          running,
          `did not become healthy within ${this.part.startLimitMs / 1000} s (${why})`,
        );
      }
      this.#log.error({ attempt, ending: running.ending }, 'ended while starting');
      if (attempt === startAttempts) throw this.#failure(running, `ended while starting (${running.ending})`);
      await rest(250 * 2 ** attempt, this.#stop.signal);
    }
    await this.part.settle?.();
    this.#log.info({ pid: this.pid }, 'healthy');
    this.#spare?.keep();
    this.#watching = this.#watch();
  }

  /**
   * Ends it as it likes to be ended and starts it anew; returns when it is healthy again. The other parts go on. A spare is
   * made anew first, so that what takes over has read what is to be taken over.
   * @throws {PartError} when it is not healthy within its limit (it goes on being tried), or is stopped meanwhile.
   */
  async restart(): Promise<void> {
    this.#refuseWhenStopping();
    await this.#spare?.renew();
    this.#refuseWhenStopping();
    if (this.#running?.ending === null) {
      this.#restarting = true;
      await this.#end(this.#running);
    }
    const back = this.#back.signal;
    await rest(this.part.startLimitMs, AbortSignal.any([back, this.#stop.signal]));
    this.#refuseWhenStopping();
    if (!back.aborted)
      throw new PartError(
        `${this.part.name} did not come back within ${this.part.startLimitMs / 1000} s; see ${this.logFile}`,
      );
  }

  /** It will not be started again, but may go on until `stop`. */
  giveUp(): void {
    this.#stop.abort();
  }

  /** Ends it, by force after its limit or as soon as `hurry` fires. Afterwards nothing of it runs. Repeatable. */
  async stop(hurry: AbortSignal): Promise<void> {
    this.giveUp();
    // First, so that it does not take over.
    await this.#spare?.stop();
    if (this.#running) await this.#end(this.#running, hurry);
    await this.#watching;
  }

  /** The spare becomes the first; without one that lives, a new process is started. */
  #takeOverOrLaunch(): Running {
    const spare = this.#spare?.take() ?? null;
    if (spare === null) return this.#launch();
    rename(spare, this.part, this.#options.runDir);
    this.#running = spare;
    this.#log.warn({ pid: spare.child.pid }, 'the spare takes over');
    return this.#running;
  }

  #launch(): Running {
    this.#running = launch(this.part, this.logFile, this.#options.runDir);
    this.#log.info({ pid: this.#running.child.pid }, 'started');
    return this.#running;
  }

  /** Asks until it is healthy (null), has ended, is being stopped, or the time is up (why it is not healthy). */
  async #untilHealthy(running: Running): Promise<string | null> {
    const { spare, startLimitMs } = this.part;
    const tookOver = spare !== undefined && running.launchedAs === spare.name;
    const deadline = performance.now() + (tookOver ? spare.takeOverLimitMs : startLimitMs);
    const wake = AbortSignal.any([running.over, this.#stop.signal]);
    for (;;) {
      const why = await this.#check(this.part.health, 2000);
      // Another program's answer on the same port is no sign of this one's health.
      if (running.ending !== null) return running.ending;
      if (why === null || performance.now() > deadline || wake.aborted) return why;
      await rest(50, wake);
    }
  }

  /** Keeps it running until stopped. */
  async #watch(): Promise<void> {
    for (let restartsInARow = 0; ; restartsInARow++) {
      const running = this.#running;
      if (running) {
        await this.#untilEnded(running);
        if (this.#stop.signal.aborted) return;
        const asked = this.#restarting;
        this.#restarting = false;
        if (!asked) this.#tellEnding(running);
        if (asked || performance.now() - running.startedAtMs >= steadyAfterMs) restartsInARow = 0;
      }
      if (restartsInARow > 0)
        await rest(Math.min(longestPauseMs, 250 * 2 ** restartsInARow), this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      await this.#restart();
    }
  }

  #tellEnding(running: Running): void {
    const lastLines = tail(this.logFile, 5, running.logFrom);
    this.#log.error({ ending: running.ending, lastLines }, 'ended');
    this.#options.report(`! ${this.part.name} ended (${running.ending}); restarting it`);
  }

  async #restart(): Promise<void> {
    try {
      this.#running = null;
      await this.part.prepare();
      if (this.#stop.signal.aborted) return;
      const fromMs = performance.now();
      const running = this.#takeOverOrLaunch();
      const why = await this.#untilHealthy(running);
      // Not sooner: a new spare's start would take the machine's time from the one that takes over.
      this.#spare?.keep();
      if (why !== null) {
        this.#log.error({ why }, 'not healthy after its restart');
        return;
      }
      await this.part.settle?.();
      const seconds = ((performance.now() - fromMs) / 1000).toFixed(1);
      this.#log.info({ pid: this.pid, seconds }, 'back');
      this.#options.report(`✓ ${this.part.name} is back … ${seconds} s`);
      this.#back.abort();
      this.#back = new AbortController();
    } catch (error) {
      // A full disk, say: it is tried again, with growing pauses.
      this.#log.error({ err: error }, 'restart failed');
      if (this.#running) await this.#end(this.#running);
    }
  }

  #tidy(): void {
    try {
      rotateWhenLarge(this.logFile);
      const said = this.part.tidy?.() ?? null;
      if (said !== null) this.#log.error(said);
    } catch (error) {
      this.#log.error({ err: error }, 'its files cannot be kept in order; it is tried again');
    }
  }

  /** Checks a running part again and again; ends it when it has been unhealthy for too long. Returns when it has ended. */
  async #untilEnded(running: Running): Promise<void> {
    const limitMs = this.part.restartWhenUnhealthyForMs;
    const { everyMs, answerWithinMs } = this.part.checks ?? {
      everyMs: this.#options.checkEveryMs,
      answerWithinMs: 4_000,
    };
    const wake = AbortSignal.any([running.over, this.#stop.signal]);
    let healthyAtMs = performance.now();
    let lookedAtMs = healthyAtMs;
    let wasHealthy = true;
    while (!wake.aborted) {
      // Who does not answer is asked again at once.
      if (wasHealthy || !this.part.checks) await rest(everyMs, wake);
      if (wake.aborted) return;
      this.#tidy();
      // We were stopped ourselves, or the whole machine: that says nothing about it.
      if (performance.now() - lookedAtMs > Math.max(1_000, 3 * everyMs)) healthyAtMs = performance.now();
      const why = await this.#check(this.part.alive ?? this.part.health, answerWithinMs);
      lookedAtMs = performance.now();
      if (why === null) healthyAtMs = lookedAtMs;
      if (wasHealthy !== (why === null))
        this.#log.warn({ why }, why === null ? 'healthy again' : 'unhealthy');
      wasHealthy = why === null;
      if (limitMs !== null && performance.now() - healthyAtMs > limitMs) {
        this.#log.error({ why, limitMs }, 'unhealthy for too long: ending it');
        // It will hardly do what it is asked to, and who takes over should not wait for it at all.
        await this.#end(
          running,
          this.part.spare ? AbortSignal.abort() : AbortSignal.timeout(hungStopLimitMs),
        );
      }
    }
  }

  async #check(ask: Part['health'], limitMs: number): Promise<string | null> {
    try {
      return await ask.call(this.part, AbortSignal.timeout(limitMs));
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return (cause instanceof Error && cause.message) || String(cause);
    }
  }

  async #end(running: Running, hurry?: AbortSignal): Promise<void> {
    const byItself = await end(running, this.part.stopSignal, this.part.stopLimitMs, hurry);
    if (byItself) this.#log.info({ ending: running.ending }, 'stopped');
    else this.#log.warn({ limitMs: this.part.stopLimitMs }, 'killed: it did not stop in time');
  }

  #refuseWhenStopping(): void {
    if (this.#stop.signal.aborted) throw new PartError(`${this.part.name}: stopped while starting`);
  }

  #failure(running: Running, what: string): PartError {
    const lines = tail(this.logFile, 15, running.logFrom).map((line) => `  | ${line.slice(0, 400)}`);
    return new PartError(`${this.part.name} ${what}; the end of ${this.logFile}:\n${lines.join('\n')}`);
  }
}
