import type { Application } from '../../../runtime/application.ts';
import { healthSchema, readinessSchema } from '../contract/health.ts';
import type { HttpServerOptions } from '../options.ts';
import { type Route, route } from '../route.ts';

/** For supervisors and monitors: no session needed. */
export function operationRoutes(application: Application, metrics: HttpServerOptions['metrics']): Route[] {
  const shared = { method: 'get', tag: 'operations', access: 'public' } as const;
  const health = route({
    ...shared,
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'The process answers',
    replies: { 200: { description: 'It does', schema: healthSchema } },
    handle: ({ res }) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }),
  });

  const readiness = route({
    ...shared,
    path: '/readyz',
    operationId: 'getReadiness',
    summary: 'Whether calls can be taken, part by part',
    replies: {
      200: { description: 'Calls can be taken', schema: readinessSchema },
      503: { description: 'Calls cannot be taken; the parts say why', schema: readinessSchema },
    },
    handle({ res }) {
      const parts = application.health();
      res.set('Cache-Control', 'no-store').status(parts.ready ? 200 : 503);
      res.json(parts);
    },
  });

  const metricsText = route({
    ...shared,
    path: '/metrics',
    operationId: 'getMetrics',
    summary: 'Prometheus metrics',
    replies: { 200: { description: 'Prometheus text format', mediaType: 'text/plain' } },
    async handle({ res }) {
      const text = await metrics.text();
      res.set('Cache-Control', 'no-store').set('Content-Type', metrics.contentType).end(text);
    },
  });
  return [health, readiness, metricsText];
}
