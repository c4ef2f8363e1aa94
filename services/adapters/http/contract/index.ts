/** The HTTP contract: what goes in and comes out of each route. Types for the screens, schemas for server and OpenAPI. */
export * from './agents.ts';
export * from './callbacks.ts';
export * from './calls.ts';
export * from './common.ts';
export * from './health.ts';
export * from './ivr.ts';
export * from './kpi.ts';
export * from './ledger.ts';
export * from './live.ts';
export * from './phone.ts';
export * from './problem.ts';
export * from './prompts.ts';
export * from './recordings.ts';
export * from './reports.ts';
export * from './session.ts';
export * from './switches.ts';
export * from './tasks.ts';
