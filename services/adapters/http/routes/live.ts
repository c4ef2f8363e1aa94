import type { Application } from '../../../runtime/application.ts';
import { roles } from '../contract/common.ts';
import { liveQuerySchema, liveSnapshotSchema } from '../contract/live.ts';
import type { LiveHub } from '../live-hub.ts';
import { liveSnapshot } from '../live-snapshot.ts';
import type { Reveal } from '../reveal.ts';
import { type Route, route } from '../route.ts';

/** What is true now, once or as a stream. */
export function liveRoutes(application: Application, hub: LiveHub, reveal: Reveal): Route[] {
  const live = route({
    method: 'get',
    path: '/api/v1/live',
    operationId: 'getLive',
    summary: 'Snapshot of queues, agents, calls and KPIs',
    tag: 'live',
    access: roles,
    query: liveQuerySchema,
    replies: { 200: { description: 'What is true now', schema: liveSnapshotSchema } },
    refusals: ['store-unavailable'],
    async handle(call) {
      call.res.json(liveSnapshot(application, await reveal(call, 'live')));
    },
  });

  const stream = route({
    method: 'get',
    path: '/api/v1/live/stream',
    operationId: 'streamLive',
    summary:
      'The snapshot as server-sent events: at connect, on change, and at least every 5 s; always masked',
    tag: 'live',
    access: roles,
    replies: {
      200: {
        description: 'Events `snapshot` (data: LiveSnapshot, id: seq) and `signed-out`',
        mediaType: 'text/event-stream',
      },
    },
    refusals: ['too-many-streams'],
    handle({ req, res, visitor }) {
      if (req.method === 'HEAD') res.type('text/event-stream').end();
      else hub.attach(res, visitor);
    },
  });
  return [live, stream];
}
