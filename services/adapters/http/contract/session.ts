import { z } from 'zod';
import { instantSchema, plainText, roleSchema } from './common.ts';

/** POST /api/v1/session */
export const signInSchema = z
  .strictObject({ user: plainText(64).min(1), password: z.string().min(1).max(256) })
  .meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof signInSchema>;

/** Answer of POST and GET /api/v1/session. The session itself is the cookie. */
export const sessionSchema = z
  .object({
    user: z.string(),
    name: z.string(),
    role: roleSchema,
    /** The agent this user is; null for leads and administrators. */
    agent: z.string().nullable(),
    /** May go with state-changing requests as `X-CSRF-Token`; needed only where the browser's origin headers are lost. */
    csrfToken: z.string(),
    expiresAt: instantSchema,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;

export const csrfHeader = 'x-csrf-token';
