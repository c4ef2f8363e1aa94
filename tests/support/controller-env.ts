import { join } from 'node:path';

/** Settings of an instance whose controllers, and they alone, get further environment variables. */
export const inTheController = (env: Readonly<Record<string, string>>): Record<string, string> => ({
  NODE_OPTIONS: `--import=${join(import.meta.dirname, 'in-the-controller.ts')}`,
  HOTLINE_TEST_CONTROLLER_ENV: JSON.stringify(env),
});
