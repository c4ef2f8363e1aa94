import { asId, type QueueId } from '../../../events/ids.ts';
import type { Application } from '../../../runtime/application.ts';
import { queuePathSchema, reserveSchema, setReserveSchema } from '../contract/call-control.ts';
import { fromEngine } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

/** Calling in the reserve of a queue (KPI-05). Who did it, and when, is an event. */
export function reserveRoutes(application: Application, limits: HttpLimits): Route[] {
  const set = route({
    method: 'put',
    path: '/api/v1/queues/{queue}/reserve',
    operationId: 'setReserve',
    summary: "Let the queue's reserve be rung from now on, or no longer",
    tag: 'live',
    access: ['lead', 'admin'],
    params: queuePathSchema,
    body: setReserveSchema,
    replies: { 200: { description: 'What is so now', schema: reserveSchema } },
    refusals: ['unknown-queue', 'busy'],
    async handle({ res, params, body, visitor }) {
      const queue = asId<QueueId>(params.queue);
      if (!application.centre.queues.has(queue))
        throw new Refusal('unknown-queue', `Queue ${queue} is not in the centre's definition.`);
      const { on } = body;
      const by = visitor.person.user;
      const result = await fromEngine(
        application.command({ kind: 'call-in-reserve', queue, on, by }),
        limits.answerMs,
      );
      if (!result.ok) throw new Refusal(result.code, result.message);
      res.json({ queue, on });
    },
  });
  return [set];
}
