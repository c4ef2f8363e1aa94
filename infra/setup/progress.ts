/** Where set-up steps report to. One call is one line for a person to read. */
export type Report = (line: string) => void;

/** Runs one step and reports `✓ what … 1.2 s` when it is done. A failure passes through unreported: its message is enough. */
export async function step<T>(report: Report, what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  report(`✓ ${what} … ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return result;
}

/** Reports a step that needed no work. */
export function already(report: Report, what: string): void {
  report(`· ${what} (already there)`);
}
