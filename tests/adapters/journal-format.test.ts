import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stateOf } from '../../services/agents/agent.ts';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { type AgentId, asId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import { journalFormat, setMeta } from '../../services/runtime/journal/format.ts';
import { Journal, JournalError } from '../../services/runtime/journal.ts';
import { recoverState } from '../../services/runtime/recovery.ts';
import { journalEvents } from '../support/journal-events.ts';
import { simulateHotline, startOfTest } from '../support/simulated-hotline.ts';

/** A journal as format 1 left it when its controller was killed: one call forgotten, two conversations under way. */
const formatOne = join(import.meta.dirname, 'journals', 'format-1');
const formatOneId = '11111111-2222-3333-4444-555555555555';

let folder: string;
let file: string;
let journal: Journal | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-format-'));
  file = join(folder, 'journal.db');
});
afterEach(() => {
  journal?.close();
  journal = null;
  rmSync(folder, { recursive: true, force: true });
});
const open = (): Journal => {
  journal = new Journal({ file, newId: 'new-name', onProblem: () => undefined });
  return journal;
};
const { todayRules } = simulateHotline();

test('a journal of format 1 is brought forward: name, state, events and numbers go on', () => {
  for (const end of ['', '-wal']) cpSync(join(formatOne, `journal.db${end}`), `${file}${end}`);
  const old = open();
  expect(old.id).toBe(formatOneId);
  expect(old.lastSeq).toBe(76);
  const { state, restarts } = recoverState(old, todayRules, instant(startOfTest));
  expect(restarts, 'starts are counted on').toBe(1);
  expect([...state.world.calls.values()].map((call) => call.stage.kind)).toEqual(['talking', 'talking']);
  const agent = (id: string) => state.world.agents.get(asId<AgentId>(id));
  expect(['1001', '1002'].map((id) => stateOf(agent(id) ?? never()))).toEqual(['on-call', 'on-call']);
  old.append(journalEvents(old.id, 77, 78));
  old.close();

  const again = open();
  expect(again.read(76, 10)).toEqual(journalEvents(formatOneId, 77, 78));
  expect(again.read(0, 100).map((event) => event.seq)).toEqual(
    Array.from({ length: 78 - 22 }, (_, n) => n + 23),
  );
});

test('a journal of a later format is refused in one line that says what to do, and is left as it is', () => {
  const now = open();
  now.append(journalEvents('j', 1, 20));
  now.close();
  const later = new DatabaseSync(file);
  setMeta(later, 'format', String(journalFormat + 1));
  // As it is after a kill: some of it in the log.
  const copies = () =>
    ['', '-wal'].map((end) => (existsSync(`${file}${end}`) ? readFileSync(`${file}${end}`) : null));
  const before = copies();
  expect(before[1]?.length).toBeGreaterThan(0);
  let said = '';
  try {
    open();
  } catch (error) {
    expect(error).toBeInstanceOf(JournalError);
    said = (error as Error).message;
  }
  expect(said).toContain(`${file}: this journal is of format ${journalFormat + 1}`);
  expect(said).toContain('Start the later version again');
  expect(said.split('\n')).toHaveLength(1);
  expect(copies()).toEqual(before);
  later.close();
});

test('events of unknown types and with unknown fields are folded without harm', () => {
  const hotline = simulateHotline({ fake: { promptMs: () => 500 } });
  hotline.signIn('1001', { answerAfterMs: 1_000, hangUpAfterMs: 5_000 });
  hotline.untilEnded(hotline.callForAPerson());
  const at = hotline.events.at(-1)?.at as Instant;
  const strange = (seq: number) =>
    ({
      type: 'MoonRose',
      callId: 'n1-1',
      phase: { full: true },
      eventId: `sim-${seq}`,
      seq,
      at,
    }) as unknown as HotlineEvent;
  const known = hotline.events.map((event) => Object.assign({ ...event }, { mood: 'good' }));
  const mixed = known
    .flatMap((event) => [event, strange(event.seq * 2)])
    .map((event, index) => ({ ...event, seq: index + 1 }));

  const now = open();
  now.append(mixed);
  const { state } = recoverState(now, todayRules, at);
  expect(state.world.calls.size).toBe(0);
  expect(state.today.queues).toEqual(hotline.engine.state.today.queues);
  const records = (events: readonly HotlineEvent[]) => [...foldLedger(emptyLedger(), events).calls.values()];
  expect(records(mixed)).toEqual(records(hotline.events));
});

function never(): never {
  throw new Error('there is no such agent');
}
