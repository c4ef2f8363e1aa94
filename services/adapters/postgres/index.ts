/** Postgres: what happened is kept here, and people and reports read it from here. */
export { createAudit } from './audit.ts';
export { createAuth } from './auth.ts';
export { type ConnectOptions, connect, type Db, type Postgres } from './connect.ts';
export { sowDemoData } from './demo-data.ts';
export { syncCentre } from './directory.ts';
export { DatabaseError } from './errors.ts';
export { createHistory, EventsOutOfOrder, JournalClosed } from './history.ts';
export { createInheritance } from './inheritance.ts';
export { createKpiBooks } from './kpi-books.ts';
export { actsElsewhere, createLeasePort } from './lease.ts';
export { createLedgerCheck } from './ledger-check.ts';
export { type MigrationReport, migrate } from './migrate.ts';
export { ensurePartitions } from './partitions.ts';
export { prepareDatabase } from './prepare.ts';
export { recordedDay } from './recorded-day.ts';
export { createRecords } from './records.ts';
export { createTasks, removeTasksDoneBefore } from './tasks.ts';
export { syncUsers, type UsersReport } from './users.ts';
