import { invalidMessages } from './invalid.ts';
import { layerMessages } from './layers.ts';
import type { TortureMessage } from './message.ts';
import { validMessages } from './valid.ts';

/** All 49 test messages of RFC 4475, section 3, in its order. */
export const tortureMessages: readonly TortureMessage[] = [
  ...validMessages,
  ...invalidMessages,
  ...layerMessages,
];
