import { defineConfig } from 'vitest/config';

/** Two kinds of tests: pure ones run side by side; ones on real parts (ports, processes, timing) run one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: ['tests/{core,scenarios,simulation}/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'real',
          include: ['tests/{adapters,system,browser,chaos}/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
