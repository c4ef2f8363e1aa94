import { holdPart } from './hold-part.ts';
import type { Instance } from './instance.ts';

/** All processes of Postgres stand still, with their connections open. Answers how to let them go on; doing so twice is no harm. */
export const holdPostgres = (instance: Pick<Instance, 'home'>): (() => void) =>
  holdPart(instance, 'postgres');
