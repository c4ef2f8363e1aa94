import express, { type RequestHandler, type Router } from 'express';
import { fromStore } from './deadline.ts';
import { Refusal } from './errors.ts';
import type { HttpLimits } from './options.ts';
import type { Route } from './route.ts';
import { requireSameOrigin } from './same-origin.ts';
import type { Sessions, Visitor } from './sessions.ts';

/** Puts the declared routes into Express, each behind its checks: who, from where, what. */
export function routerOf(routes: readonly Route[], sessions: Sessions, limits: HttpLimits): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const one of routes) {
    const path = expressPath(one.path);
    if (one.body) router[one.method](path, guard(one, sessions, limits), plainJson, json, handler(one));
    else router[one.method](path, guard(one, sessions, limits), handler(one));
  }
  for (const [path, own] of Map.groupBy(routes, (one) => one.path)) {
    router.all(expressPath(path), refuseMethod(own));
  }
  return router;
}

const expressPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

/** Before the body is read: strangers do not get us to read theirs. */
function guard(one: Route, sessions: Sessions, limits: HttpLimits): RequestHandler {
  return async (req, res, next) => {
    const visitor = one.access === 'public' ? null : await fromStore(sessions.find(req), limits.answerMs);
    if (one.access !== 'public') {
      if (visitor === null)
        throw new Refusal('not-signed-in', 'Sign in first, or again: POST /api/v1/session.');
      if (!one.access.includes(visitor.person.role)) {
        throw new Refusal('not-allowed', `Only for: ${one.access.join(', ')}.`);
      }
      res.locals.user = visitor.person.user;
    }
    if (one.method !== 'get') requireSameOrigin(req, visitor);
    if (one.path.startsWith('/api/')) res.set('Cache-Control', 'no-store');
    res.locals.visitor = visitor;
    next();
  };
}

const plainJson: RequestHandler = (req, _res, next) => {
  const type = req.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Refusal('unsupported-media-type', 'Send the body as Content-Type: application/json.');
  }
  next();
};

const json = express.json({ limit: 64 * 1024, inflate: false, strict: false });

function handler(one: Route): RequestHandler {
  return (req, res) => one.handle({ req, res, visitor: res.locals.visitor as Visitor | null });
}

function refuseMethod(own: readonly Route[]): RequestHandler {
  const methods = own.map((one) => one.method.toUpperCase());
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
  return () => {
    throw new Refusal('method-not-allowed', `Offered here: ${allow}.`, { headers: { Allow: allow } });
  };
}
