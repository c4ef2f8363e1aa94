/**
 * Loaded into a program (`--import`): its wall clock is ahead by the milliseconds that stand in the file HOTLINE_TEST_CLOCK_FILE,
 * and jumps when that changes. The monotonic clock and timers are the real ones, as when a machine's clock is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env.HOTLINE_TEST_CLOCK_FILE ?? '';
const RealDate = Date;
let aheadMs = 0;
const look = () => {
  aheadMs = Number(readFileSync(file, 'utf8'));
};
look();
setInterval(look, 20).unref();

class JumpingDate extends RealDate {
  constructor(...given: [] | [string | number | Date]) {
    super(...((given.length === 0 ? [RealDate.now() + aheadMs] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + aheadMs;
  }
}
globalThis.Date = JumpingDate as DateConstructor;
