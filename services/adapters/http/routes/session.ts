import type { Instant } from '../../../events/instant.ts';
import type { AuthPort } from '../../../runtime/people-port.ts';
import { roles } from '../contract/common.ts';
import { type Session, sessionSchema, signInSchema } from '../contract/session.ts';
import { fromStore } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import type { LiveHub } from '../live-hub.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';
import { csrfTokenOf, type Sessions, type Visitor } from '../sessions.ts';
import { failureCounter, gate } from '../sign-in-limit.ts';

/** Signing in and out, and who one is. */
export function sessionRoutes(parts: {
  auth: AuthPort;
  sessions: Sessions;
  hub: LiveHub;
  limits: HttpLimits;
  now(): Instant;
}): Route[] {
  const { auth, sessions, hub, limits, now } = parts;
  const perUser = failureCounter(limits.signInFailures, limits.signInWindowMs);
  const perAddress = failureCounter(limits.signInFailuresPerAddress, limits.signInWindowMs);
  const verifying = gate(limits.signInsAtOnce, limits.signInsWaiting);

  /** Refuses after too many failures; else counts this attempt as one until it has succeeded. */
  const admit = (userKey: string, address: string) => {
    const waitMs = Math.max(perUser.blockedForMs(userKey, now()), perAddress.blockedForMs(address, now()));
    if (waitMs > 0) {
      throw new Refusal('too-many-attempts', 'Wait before you try again.', {
        headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
      });
    }
    perUser.count(userKey, now());
    perAddress.count(address, now());
  };

  const signIn = route({
    method: 'post',
    path: '/api/v1/session',
    operationId: 'signIn',
    summary: 'Sign in; sets the session cookie',
    tag: 'session',
    access: 'public',
    body: signInSchema,
    replies: { 200: { description: 'Signed in', schema: sessionSchema } },
    refusals: ['wrong-credentials', 'too-many-attempts', 'store-unavailable', 'busy'],
    async handle({ req, res, body }) {
      const address = req.ip ?? '';
      const userKey = `${address} ${body.user}`;
      admit(userKey, address);
      const giveBack = () => {
        perUser.takeBack(userKey);
        perAddress.takeBack(address);
      };
      const verified = await verifying
        .run(() => fromStore(auth.verifyPassword(body.user, body.password), limits.answerMs))
        .catch((error: unknown) => {
          giveBack(); // not the user's failure
          throw error;
        });
      if (verified === undefined) {
        giveBack();
        throw new Refusal('busy', 'Too many people sign in at this moment; try again in a few seconds.', {
          headers: { 'Retry-After': '2' },
        });
      }
      if (verified === null) {
        throw new Refusal('wrong-credentials', 'The user is not known or the password is wrong.');
      }
      perUser.clear(userKey);
      perAddress.takeBack(address);
      const visitor = await fromStore(sessions.open(res, req, verified), limits.answerMs);
      res.json(describe(visitor));
    },
  });

  const whoAmI = route({
    method: 'get',
    path: '/api/v1/session',
    operationId: 'getSession',
    summary: 'Who is signed in',
    tag: 'session',
    access: roles,
    replies: { 200: { description: 'Signed in', schema: sessionSchema } },
    handle: ({ res, visitor }) => void res.json(describe(visitor)),
  });

  const signOut = route({
    method: 'delete',
    path: '/api/v1/session',
    operationId: 'signOut',
    summary: 'Sign out; ends the session and its live streams',
    tag: 'session',
    access: roles,
    replies: { 204: { description: 'Signed out' } },
    refusals: ['store-unavailable'],
    async handle({ req, res, visitor }) {
      await fromStore(sessions.close(res, req, visitor), limits.answerMs);
      hub.endSession(visitor.key);
      res.status(204).end();
    },
  });

  return [signIn, whoAmI, signOut];
}

function describe({ person, expiresAt, token }: Visitor): Session {
  const { user, name, role, agent } = person;
  return { user, name, role, agent, csrfToken: csrfTokenOf(token), expiresAt };
}
