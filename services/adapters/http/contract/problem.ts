import { z } from 'zod';
import { instantSchema } from './common.ts';

/** Stable codes of refusals. A code never changes its meaning; screens translate the code, not the words. */
export const problemCodes = [
  'invalid-body', // the body is not what the operation takes; see `errors`
  'invalid-query', // a query parameter is missing, unknown or out of range; see `errors`
  'invalid-path', // the path has a part that cannot be right
  'malformed-json', // the body is not JSON
  'unsupported-media-type', // the body is not plain `application/json`
  'body-too-large', // over 64 kB
  'malformed-request', // not HTTP as we can read it
  'not-signed-in', // no session, or it ended
  'wrong-credentials', // unknown user or wrong password, deliberately the same
  'too-many-attempts', // sign-in failed too often; see Retry-After
  'cross-site-request', // a state-changing request that another site may have caused
  'not-allowed', // signed in, but the role does not permit it, or the engine refused
  'unknown-route',
  'method-not-allowed', // see Allow
  'unknown-agent',
  'unknown-hotline',
  'unknown-switch', // the calendar declares no such switch
  'phone-unreachable', // the agent wants calls, but no phone of theirs can be reached
  'unknown-call',
  'unknown-flow', // there is no such flow, or no such version of it
  'flow-refused', // the flow has problems (see `errors`), or is in force already; the one before stays
  'unknown-callback', // done with, or never promised
  'unknown-queue',
  'reason-missing', // a caller is not passed on, or put on hold, without saying why
  'promise-missing', // nor put on hold without having been told for how long
  'no-call', // the agent has no call on which this could be done
  'not-now', // the call is in a state in which this cannot be done; the detail says which
  'target-unavailable', // the colleague has no free phone, or nobody serves the queue
  'unknown-target', // no such colleague or queue
  'number-not-allowed', // the centre's definition does not let this number be called
  'no-trunk', // nothing is set up for calls to the outside
  'unknown-task',
  'unknown-prompt',
  'unknown-recording', // none, or deleted by age
  'too-many-streams', // the limit of live streams is reached
  'store-unavailable', // Postgres is away; live data still works
  'busy', // the controller did not get to it in time
  'ui-not-built', // the screens were not built into the UI folder
  'internal-error', // our fault; the log has the request id
] as const;
export const problemCodeSchema = z.enum(problemCodes);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

/** RFC 9457. `type` is `urn:hotline:problem:<code>`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: problemCodeSchema,
    /** What was wrong here and what to do, in English. */
    detail: z.string(),
    /** The same id stands in the server's log. */
    requestId: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each field that was wrong.' }),
    since: instantSchema.optional().meta({
      description: 'With `store-unavailable`: since when the database is known to be away.',
    }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details with a stable code.' });
export type Problem = z.infer<typeof problemSchema>;
