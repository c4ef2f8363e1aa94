import { asId } from '../../events/ids.ts';
import { instant } from '../../events/instant.ts';
import type { CallsCursor } from '../../runtime/people-port.ts';
import { idSchema } from './contract/common.ts';
import { Refusal } from './errors.ts';

/** Where a page ended, as opaque text. */
export const cursorText = ({ startedAt, callId }: CallsCursor): string =>
  Buffer.from(`${startedAt} ${callId}`).toString('base64url');

/** @throws {Refusal} invalid-query when the text is none of ours */
export function cursorFrom(text: string): CallsCursor {
  const [startedAt = '', callId = ''] = Buffer.from(text, 'base64url').toString('utf8').split(' ', 2);
  if (!/^\d{1,14}$/.test(startedAt) || !idSchema.safeParse(callId).success) {
    const message = 'not a cursor; give `nextCursor` of the page before, or leave it out for the first page';
    throw new Refusal('invalid-query', `cursor: ${message}`, { errors: [{ path: 'cursor', message }] });
  }
  return { startedAt: instant(Number(startedAt)), callId: asId(callId) };
}
