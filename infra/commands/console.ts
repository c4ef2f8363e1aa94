import type { Report } from '../setup/progress.ts';

/** Progress goes to standard error: standard output belongs to what a command answers. */
export const toConsole: Report = (line) => {
  process.stderr.write(`${line}\n`);
};
