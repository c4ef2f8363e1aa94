import { defineConfig } from 'vitest/config';

/** One project a level of the pyramid. Below `adapters` nothing real is touched and time is simulated. */
const level = (name: string, settings: object = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], ...settings },
});
/**
 * Levels on real parts, after the others: two files at a time. They mostly wait (for prompts, rings, time-outs), each for parts of
 * its own on ports of its own (tests/support/free-ports.ts).
 */
const real = (name: string, settings: object = {}) =>
  level(name, {
    maxWorkers: 2,
    sequence: { groupOrder: 1 },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    ...settings,
  });

/** They wait for nothing; but some compute for many seconds, which on a busy machine takes ten times as long. It ends what hangs. */
const computing = { testTimeout: 300_000 };

/** What a failed test on a running service says for itself, before its own hooks tidy up (`list`: hooks run in the order of definition). */
const showingLogs = {
  setupFiles: ['tests/support/show-logs.ts'],
  sequence: { groupOrder: 1, hooks: 'list' },
};

export default defineConfig({
  test: {
    projects: [
      level('core', computing),
      level('scenarios', computing),
      level('simulation', computing),
      real('adapters'),
      real('browser'),
      real('system', {
        testTimeout: 120_000,
        hookTimeout: 240_000,
        ...showingLogs,
      }),
      // After everything else: what is killed and stalled here takes the machine's whole attention.
      real('chaos', {
        testTimeout: 600_000,
        hookTimeout: 240_000,
        ...showingLogs,
        sequence: { ...showingLogs.sequence, groupOrder: 2 },
      }),
    ],
  },
});
