import type { Program } from '../tools/types.ts';

/** Parts in the order they start; they stop in the opposite order. */
export const partNames = ['postgres', 'asterisk', 'controller', 'standby', 'prometheus'] as const;
export type PartName = (typeof partNames)[number];

/** One program the supervisor runs. */
export type Part = {
  readonly name: string;
  /** Parts that must be healthy before this one starts. */
  readonly after: readonly string[];
  /** Makes files and folders the program needs; repeatable. Throws when it cannot, saying why. */
  prepare(): Promise<void>;
  /** What to run. Called again for every restart. */
  launch(): Launch;
  /** One health check: null when healthy, else why not in a few words. Must give up when `signal` fires; may throw. */
  health(signal: AbortSignal): Promise<string | null>;
  /** Once it was healthy: whether it still works, apart from others it depends on. Without it, `health` is asked. */
  alive?(signal: AbortSignal): Promise<string | null>;
  /** Work after the program became healthy, before others build on it (creating roles, accounts). Repeatable. */
  settle?(): Promise<void>;
  /** Looks after the program's files while it runs, with each health check; says what should be known. Must not take long; may throw. */
  tidy?(): string | null;
  /** How long the first health may take. */
  readonly startLimitMs: number;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to stop before it is killed. */
  readonly stopLimitMs: number;
  /**
   * Restart it when it runs but fails its health checks for this long. Null: only report; for parts whose restart would
   * cost conversations or records that they may still be serving.
   */
  readonly restartWhenUnhealthyForMs: number | null;
  /** How a running one is checked, when not as all others are. */
  readonly checks?: { readonly everyMs: number; readonly answerWithinMs: number };
  /** A second process of the same program, which waits until the first one has ended and takes over by itself. */
  readonly spare?: {
    /** Under which its process id is noted. */
    readonly name: string;
    /** Whether the process has loaded everything and waits. */
    isReady(pid: number): boolean;
    readonly readyLimitMs: number;
    /** How long it may take to become healthy once the first one has ended. */
    readonly takeOverLimitMs: number;
  };
};

export type Launch = {
  readonly program: Program;
  /** Appended to the program's own. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the program, beside what `program.env` adds. */
  readonly env: Readonly<Record<string, string>>;
};

/** A part cannot be started. The message says what, where and what to do. */
export class PartError extends Error {
  override readonly name = 'PartError';
}

/** What every program may know of the environment; nothing of ours leaks to programs that have no use for it. */
export function plainEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const wanted = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'LOGNAME'];
  return Object.fromEntries(wanted.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
