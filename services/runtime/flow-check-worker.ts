import { parentPort, workerData } from 'node:worker_threads';
import { checkCandidate } from './check-candidate.ts';
import type { CheckRequest } from './flow-desk.ts';

// The thread that flow-desk.ts starts: one check, one answer.
parentPort?.postMessage(checkCandidate(workerData as CheckRequest));
