import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { createCelAccount } from '../adapters/cel/account.ts';
import { noCelAccount } from '../adapters/cel/no-account.ts';
import type { Config } from '../config.ts';
import type { Instant } from '../events/instant.ts';
import type { EngineState } from '../runtime/engine.ts';
import { Journal } from '../runtime/journal.ts';
import { writeSnapshot } from '../runtime/snapshot.ts';

export const journalFileOf = (config: Config) => join(config.homeDir, 'journal', 'journal.db');

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

/**
 * Puts a journal in the place of this home's, holding nothing but a state to go on from. The one before is set aside: what it has
 * that Postgres has not is not told any more (decisions/0019). A crash meanwhile leaves either the one or the other.
 */
export function replaceJournal(config: Config, id: string, state: EngineState, log: Logger): void {
  const file = journalFileOf(config);
  const fresh = `${file}.new`;
  for (const old of sidecars(fresh)) rmSync(old, { force: true });
  const journal = new Journal({
    file: fresh,
    newId: id,
    onProblem: ({ problem }) => log.error({ file: fresh }, `journal: ${problem}`),
  });
  journal.saveSnapshot(state.seq, writeSnapshot(state));
  const { ok, problem } = journal.state();
  journal.close();
  if (!ok) throw new Error(`${fresh}: the state of the other controller cannot be kept: ${problem}`);
  const aside = `${file}.superseded-${Date.now()}`;
  for (const [index, old] of sidecars(file).entries())
    if (existsSync(old)) renameSync(old, sidecars(aside)[index] ?? aside);
  renameSync(fresh, file);
  for (const left of supersededJournals(file).slice(0, -mostSuperseded)) rmSync(left, { force: true });
}

const sidecars = (file: string) => [file, `${file}-wal`, `${file}-shm`];
/** Journals set aside that are kept, for people to look into. */
const mostSuperseded = 3 * 3;

const supersededJournals = (file: string) =>
  readdirSync(dirname(file))
    .filter((name) => name.includes('.superseded-'))
    .sort()
    .map((name) => join(dirname(file), name));

/** Which journal of this home acted last, and whether another controller has taken over since; null when it never has. */
export type ActedLast = { readonly journalId: string; readonly superseded: boolean };

const actedLastFile = (config: Config) => join(dirname(journalFileOf(config)), 'acted-last.json');

/** Whether this home acted last, as far as it knows. */
export function actedLast(config: Config, journal: Pick<Journal, 'id' | 'lastSeq'>): boolean {
  const text = existsSync(actedLastFile(config)) ? readFileSync(actedLastFile(config), 'utf8') : null;
  // Before there were leases, whoever had a history had acted.
  if (text === null) return journal.lastSeq > 0;
  try {
    const note = JSON.parse(text) as ActedLast;
    return note.journalId === journal.id && !note.superseded;
  } catch {
    // Torn by a power cut: Postgres knows better.
    return false;
  }
}

export function noteActedLast(config: Config, note: ActedLast): void {
  writeFileSync(actedLastFile(config), JSON.stringify(note), { mode: 0o600 });
}

/** Asterisk's own account of its channels, in the home in which Asterisk runs. The journal's folder must be there. */
export const openCelAccount = (config: Config, log: Logger, fromWall: (at: Instant) => Instant) =>
  config.standbyOf === null
    ? createCelAccount({
        fromWall,
        file: join(config.homeDir, 'asterisk', 'cel', 'cel.csv'),
        storeFile: join(dirname(journalFileOf(config)), 'cel.db'),
        log: log.child({ part: 'cel' }),
      })
    : noCelAccount;
