import { asId, type CallbackId } from '../../../events/ids.ts';
import type { Application } from '../../../runtime/application.ts';
import { callbackPathSchema, callbacksSchema } from '../contract/callbacks.ts';
import { fromEngine } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import { maskNumber } from '../mask-number.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

/** Callbacks that were promised and are not done with; who takes one back is told by its event (CallbackEnded). */
export function callbackRoutes(application: Application, limits: HttpLimits): Route[] {
  const list = route({
    method: 'get',
    path: '/api/v1/callbacks',
    operationId: 'listCallbacks',
    summary: 'Customers who wait to be called back',
    tag: 'live',
    access: ['lead', 'admin'],
    replies: {
      200: { description: 'Every open callback, the first in line first', schema: callbacksSchema },
    },
    handle({ res }) {
      const { callbacks } = application.live();
      res.json({ callbacks: callbacks.map((one) => ({ ...one, number: maskNumber(one.number) })) });
    },
  });

  const cancel = route({
    method: 'delete',
    path: '/api/v1/callbacks/{id}',
    operationId: 'cancelCallback',
    summary: 'Nobody is to call this customer back; one that is being made is broken off',
    tag: 'live',
    access: ['lead', 'admin'],
    params: callbackPathSchema,
    replies: { 204: { description: 'It is taken back' } },
    refusals: ['unknown-callback', 'busy'],
    async handle({ res, params, visitor }) {
      const result = await fromEngine(
        application.command({
          kind: 'cancel-callback',
          callbackId: asId<CallbackId>(params.id),
          by: visitor.person.user,
        }),
        limits.answerMs,
      );
      if (!result.ok) throw new Refusal(result.code, result.message);
      res.status(204).end();
    },
  });
  return [list, cancel];
}
