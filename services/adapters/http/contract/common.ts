import { z } from 'zod';

/** Pieces that several requests and responses share. Everything in this folder runs in browsers too: no Node imports. */

export const apiBase = '/api/v1';

export const instantSchema = z
  .number()
  .int()
  .meta({ description: 'A moment: milliseconds since 1970-01-01T00:00:00Z.' });

export const durationMsSchema = z.number().int().nonnegative().meta({ description: 'Milliseconds.' });

export const countSchema = z.number().int().nonnegative();

export const bilingualSchema = z.object({ 'zh-CN': z.string(), en: z.string() });

/** Text for people, on one line: no control characters (Postgres takes no NUL, and logs stay readable). */
export const plainText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, 'no control characters');

/** An id as it may stand in a path or a filter: printable, short, no separators of our own. */
export const idSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.:@+*#-]+$/, 'letters, digits and . : @ + * # - _ only');

/**
 * A moment in a query string: RFC 3339 with an offset (`2026-05-01T08:00:00+08:00`), or epoch milliseconds as the
 * responses carry them. Read it with `momentMs`.
 */
export const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.string().regex(/^\d{12,14}$/)], {
    // In a query string a bare + is a space.
    error: 'not a moment; write 2026-05-01T08:00:00%2B08:00, 2026-05-01T00:00:00Z, or epoch milliseconds',
  })
  .meta({ description: 'RFC 3339 date-time with offset, or milliseconds since 1970-01-01T00:00:00Z.' });

/** Epoch milliseconds of a text that `momentSchema` accepted. */
export const momentMs = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Date.parse(text));

/**
 * Whole caller numbers instead of masked ones: leads and administrators only, with a reason, and each use is audited.
 * The two parameters go together.
 */
export const revealFields = {
  reveal: z.literal('numbers').optional(),
  reason: plainText(200).trim().min(3).optional(),
} as const;

export const revealIsComplete = (query: { reveal?: 'numbers' | undefined; reason?: string | undefined }) =>
  (query.reveal === undefined) === (query.reason === undefined);
export const revealProblem = { path: ['reason'], error: '`reveal=numbers` and `reason` go together' };

export const roles = ['agent', 'lead', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;
