/** Within the target; late; and later than four times the target, when most callers begin to give up. */
export function waitLevel(waitMs: number, thresholdMs: number): '' | 'level-warn' | 'level-bad' {
  if (waitMs <= thresholdMs) return '';
  return waitMs <= 4 * thresholdMs ? 'level-warn' : 'level-bad';
}
