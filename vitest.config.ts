import { defineConfig } from 'vitest/config';

/** One project a level of the pyramid. Below `adapters` nothing real is touched and time is simulated. */
const level = (name: string, settings: object = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], ...settings },
});

export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default'] : ['default'],
    projects: [
      level('core'),
      level('scenarios'),
      level('simulation', { testTimeout: 120_000 }),
      level('adapters', { testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false }),
      level('browser', { testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false }),
      level('system', { testTimeout: 120_000, hookTimeout: 240_000, fileParallelism: false }),
    ],
  },
});
