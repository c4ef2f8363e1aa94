import { type RawBuilder, sql } from 'kysely';
import type { Db } from './connect.ts';

/** A table as a batch is written into it: column → SQL type, and the columns of its primary key. */
export type Target<Row> = {
  readonly table: string;
  readonly columns: { readonly [Column in keyof Row & string]: string };
  readonly key: readonly (keyof Row & string)[];
};

/**
 * Writes all rows with one statement and one parameter, however many they are: the rows travel as JSON. Rows that are
 * there already are replaced (`replace`) or left as they are (`keep`). A key may occur only once among the rows.
 */
export async function upsert<Row extends Record<string, unknown>>(
  db: Db,
  target: Target<Row>,
  rows: readonly Row[],
  present: 'replace' | 'keep',
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(target.columns);
  const typed = Object.entries<string>(target.columns).map(
    ([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`,
  );
  await sql`
    insert into ${sql.table(target.table)} (${columnList(names)})
    select ${columnList(names)} from json_to_recordset(${toJson(rows)}::json) as r(${sql.join(typed)})
    on conflict (${columnList(target.key)}) ${onConflict(target, present)}`.execute(db);
}

function onConflict<Row>(target: Target<Row>, present: 'replace' | 'keep'): RawBuilder<unknown> {
  if (present === 'keep') return sql`do nothing`;
  const key = new Set<string>(target.key);
  const others = Object.keys(target.columns).filter((name) => !key.has(name));
  // A row that is all key cannot differ.
  if (others.length === 0) return sql`do nothing`;
  const assignments = others.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  return sql`do update set ${sql.join(assignments)}`;
}

const columnList = (names: readonly string[]): RawBuilder<unknown> =>
  sql.join(names.map((name) => sql.ref(name)));

/**
 * JSON that Postgres takes: it refuses NUL and halves of surrogate pairs, which a garbled SIP header may contain, and
 * one such text must not keep all later events from being stored. They become U+FFFD.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!suspicious.test(json)) return json;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part,
  );
}

/** How JSON.stringify writes NUL and lone surrogates. */
const suspicious = /\\u(0000|d[89a-f])/;
