import type { Migration } from 'kysely/migration';
import { ledger } from './0001-ledger.ts';
import { months } from './0002-months.ts';
import { directory } from './0003-directory.ts';
import { people } from './0004-people.ts';
import { appendOnly } from './0005-append-only.ts';
import { readRole } from './0006-read-role.ts';
import { viewText } from './0007-view-text.ts';
import { secondWitness } from './0008-second-witness.ts';
import { lease } from './0009-lease.ts';
import { snapshotName } from './0010-snapshot-name.ts';
import { service } from './0011-service.ts';
import { task } from './0012-task.ts';

/**
 * All migrations, in order. One that has been released is never edited: write the next one. Views are not here: see
 * db/views; a migration that changes what a view selects drops the view and its row in `hotline.view_text`.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-ledger': ledger,
  '0002-months': months,
  '0003-directory': directory,
  '0004-people': people,
  '0005-append-only': appendOnly,
  '0006-read-role': readRole,
  '0007-view-text': viewText,
  '0008-second-witness': secondWitness,
  '0009-lease': lease,
  '0010-snapshot-name': snapshotName,
  '0011-service': service,
  '0012-task': task,
};
