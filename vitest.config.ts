import { defineConfig } from 'vitest/config';

/** One project a level of the pyramid. Below `adapters` nothing real is touched and time is simulated. */
const level = (name: string, settings: object = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], ...settings },
});
/** Levels on real parts: one after another, one file at a time, so that none starves another of the machine. */
const real = (name: string, groupOrder: number, settings: object = {}) =>
  level(name, {
    maxWorkers: 1,
    sequence: { groupOrder },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    ...settings,
  });

export default defineConfig({
  test: {
    projects: [
      level('core'),
      level('scenarios'),
      level('simulation', { testTimeout: 120_000 }),
      real('adapters', 1),
      real('browser', 2),
      real('system', 3, { testTimeout: 120_000, hookTimeout: 240_000 }),
    ],
  },
});
