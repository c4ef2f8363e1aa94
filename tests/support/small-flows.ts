import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flowsOf } from './read-flows.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, 'flows', name), 'utf8');

/** A flow for each hotline with a greeting, a menu, an announcement and a queue: tests of the engine do not hang on what the hotlines say. */
export const smallFlows = flowsOf(read('95598.yaml'), read('10050.yaml'));
