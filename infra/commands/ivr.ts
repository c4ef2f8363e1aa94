import { join } from 'node:path';
import type { Command } from '../cli.ts';
import { runNode } from '../setup/child.ts';

/** `npm run ivr -- …`: the flow tools; they need no programs and no service. */
export const ivr: Command = (args, repoDir) => runNode(repoDir, join(repoDir, 'infra/ivr/cli.ts'), args);
