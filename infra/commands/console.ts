import type { Report } from '../setup/progress.ts';

/** Progress goes to standard error: standard output belongs to what a command answers. */
export const toConsole: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

/**
 * Whoever reads what we print may go before us: `npm start | tee file` and Ctrl-C, a terminal that is closed, a full disk under a
 * redirected output. Node ends a process that cannot print; the supervisor would leave all parts running alone. What matters is in
 * `logs/supervisor.log` as well.
 */
export function outliveConsole(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
