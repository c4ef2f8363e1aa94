import type { CelPort } from '../../runtime/cel-port.ts';

/** Where Asterisk runs on another machine: its account is written there, and read by the controller of that home (decision 0019). */
export const noCelAccount: CelPort & { close(): void } = {
  catchUp: () => undefined,
  calls: () => new Map(),
  behind: () => false,
  endLost: () => undefined,
  forget: () => undefined,
  incomplete: () => false,
  close: () => undefined,
};
