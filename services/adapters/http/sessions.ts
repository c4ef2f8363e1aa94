import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { type Instant, instant } from '../../events/instant.ts';
import type { AuthPort, Person, SignedIn } from '../../runtime/people-port.ts';
import type { HttpLimits } from './options.ts';

/** Someone whose session was found. `key` names the session without giving the token away. */
export type Visitor = SignedIn & { token: string; key: string };

/**
 * Sign-ins by opaque cookie. Found sessions are remembered for a moment, and for longer while the store is away: the
 * board must stay usable when Postgres is down.
 */
export type Sessions = {
  open(res: Response, req: Request, person: Person): Promise<Visitor>;
  /** null when nobody is signed in. Rejects when the store is away and the session was not seen before. */
  find(req: Request): Promise<Visitor | null>;
  /** Looks again, for streams that stay open. */
  recheck(visitor: Visitor): Promise<Visitor | null>;
  close(res: Response, req: Request, visitor: Visitor): Promise<void>;
};

const maxRemembered = 5000;

export function createSessions(
  auth: AuthPort,
  now: () => Instant,
  limits: HttpLimits,
  /** Cookies are shared by all ports of a host: several instances side by side need names of their own. */
  port: () => number,
): Sessions {
  const remembered = new Map<string, { visitor: Visitor; seenAt: number }>();
  const cookieName = (req: Request) => `${req.secure ? '__Host-' : ''}hotline_session_${port()}`;
  const cookieOptions = (req: Request) =>
    ({ httpOnly: true, sameSite: 'strict', secure: req.secure, path: '/' }) as const;

  const remember = (visitor: Visitor) => {
    remembered.delete(visitor.key);
    remembered.set(visitor.key, { visitor, seenAt: now() });
    const oldest = remembered.keys().next().value;
    if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
    return visitor;
  };

  /** Asks the store. One question for each session at a time: a store that hangs is not asked again and again. */
  const asked = new Map<string, Promise<Visitor | null>>();
  const ask = (token: string, key: string): Promise<Visitor | null> => {
    const under = asked.get(key);
    if (under) return under;
    const answer = auth
      .findSession(token, now())
      .then((found) => {
        if (found) return remember({ ...found, token, key });
        remembered.delete(key);
        return null;
      })
      .finally(() => asked.delete(key));
    asked.set(key, answer);
    return answer;
  };

  const lookUp = async (token: string): Promise<Visitor | null> => {
    const key = keyOf(token);
    const known = remembered.get(key);
    if (known === undefined || known.visitor.expiresAt <= now()) return ask(token, key);
    if (now() - known.seenAt < limits.sessionCacheMs) return known.visitor;
    // Whoever was signed in a moment ago does not wait for a store that is away, slow or hangs.
    return Promise.race([
      ask(token, key).catch(() => known.visitor),
      after(limits.sessionWaitMs, known.visitor),
    ]);
  };

  return {
    async open(res, req, person) {
      const token = randomBytes(32).toString('base64url');
      const expiresAt = instant(now() + limits.sessionMs);
      await auth.createSession(token, person.user, now(), expiresAt);
      res.cookie(cookieName(req), token, { ...cookieOptions(req), maxAge: limits.sessionMs });
      return remember({ person, expiresAt, token, key: keyOf(token) });
    },
    async find(req) {
      const token = cookieOf(req, cookieName(req));
      return token !== null && /^[\w-]{43}$/.test(token) ? lookUp(token) : null;
    },
    recheck: (visitor) => lookUp(visitor.token),
    async close(res, req, visitor) {
      await auth.deleteSession(visitor.token);
      remembered.delete(visitor.key);
      res.clearCookie(cookieName(req), cookieOptions(req));
    },
  };
}

const keyOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** The token that state-changing requests may carry in a header: known to who can read our answers, derived, not stored. */
export const csrfTokenOf = (sessionToken: string): string =>
  createHash('sha256').update(`csrf:${sessionToken}`).digest('base64url');

export function csrfTokenMatches(sessionToken: string, given: string): boolean {
  const wanted = Buffer.from(csrfTokenOf(sessionToken));
  const got = Buffer.from(given);
  return got.length === wanted.length && timingSafeEqual(got, wanted);
}

function cookieOf(req: Request, name: string): string | null {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [key, value] = part.split('=', 2);
    if (key?.trim() === name && value !== undefined) return value.trim();
  }
  return null;
}
