import { pino } from 'pino';

/** Lines that wait for room; what comes beyond is dropped. */
const mostWaitingBytes = 1_000_000;

/**
 * Where log lines go. A full disk must not end the program that says so: lines that cannot be written wait, up to a limit, and are
 * written when there is room again.
 */
export function logDestination(
  dest: number | string,
  options: { mode?: number } = {},
): pino.DestinationStream & { end(): void } {
  const destination = pino.destination({
    dest,
    sync: true,
    append: true,
    maxLength: mostWaitingBytes,
    ...options,
  });
  // The line stays in the destination's buffer: there is nobody to tell but the log itself.
  destination.on('error', () => undefined);
  return destination;
}
