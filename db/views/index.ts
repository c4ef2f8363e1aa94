import { agentDirectory, hotlineDirectory, queueDirectory } from './directory.ts';
import { kpiInterval } from './kpi-interval.ts';
import { ledgerUnexplained } from './ledger-unexplained.ts';
import { agentConversation, agentStateInterval, callEvent, callRecord, queueVisit } from './records.ts';
import type { View } from './view.ts';

/** The views that other programs rely on, in schema `public`. Columns may be added at the end, never removed or renamed. */
export const views: readonly View[] = [
  callRecord,
  queueVisit,
  agentConversation,
  agentStateInterval,
  callEvent,
  kpiInterval,
  hotlineDirectory,
  queueDirectory,
  agentDirectory,
  ledgerUnexplained,
];
