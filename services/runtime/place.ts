import { hostname } from 'node:os';

/** Where a controller runs, for people and for telling one home's from another's. */
export const placeOf = (homeDir: string): string => `${hostname()}:${homeDir}`;
