import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { createCelAccount } from '../adapters/cel/account.ts';
import type { Config } from '../config.ts';
import { Journal } from '../runtime/journal.ts';

const journalFileOf = (config: Config) => join(config.homeDir, 'journal', 'journal.db');

/** Opens this home's journal, making it when there is none. */
export function openJournal(config: Config, log: Logger): Journal {
  const file = journalFileOf(config);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return new Journal({
    file,
    newId: randomUUID(),
    onProblem: ({ problem, heldInMemory }) =>
      problem === null
        ? log.info('the journal can be written again')
        : log.error({ file, heldInMemory }, `journal: ${problem}; events are held in memory`),
    onLoss: ({ what, lostEvents, details }) => log.error({ ...details, lostEvents }, `journal: ${what}`),
  });
}

/** Asterisk's own account of its channels, which it writes in this home. The journal's folder must be there. */
export const openCelAccount = (config: Config, log: Logger) =>
  createCelAccount({
    file: join(config.homeDir, 'asterisk', 'cel', 'cel.csv'),
    storeFile: join(dirname(journalFileOf(config)), 'cel.db'),
    log: log.child({ part: 'cel' }),
  });
