import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * Gives each request an id and logs its end. Logged are method, path, status, time, address and user: no query (it may
 * hold a telephone number), no headers (cookies), no body (passwords).
 */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const { method, path } = req;
    res.locals.requestId = requestId;
    res.set('X-Request-Id', requestId);
    res.once('close', () => {
      const entry = {
        requestId,
        method,
        path: path.slice(0, 200),
        status: res.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
        address: req.ip,
        user: res.locals.user,
        ...(res.writableFinished ? {} : { aborted: true }),
      };
      // Scrapes and probes come every few seconds, and files are many: only their failures are of interest.
      const routine = !path.startsWith('/api/') && res.statusCode < 400;
      if (routine) log.debug(entry, 'request');
      else log.info(entry, 'request');
    });
    next();
  };
}
