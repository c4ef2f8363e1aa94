import { z } from 'zod';

/** GET /api/v1/recordings/{id}: `recording` of a call or a task. */
export const recordingPathSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and - only'),
});
