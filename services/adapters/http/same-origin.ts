import type { Request } from 'express';
import { csrfHeader } from './contract/session.ts';
import { Refusal } from './errors.ts';
import { csrfTokenMatches, type Visitor } from './sessions.ts';

/**
 * Refuses a state-changing request that another site may have caused. Browsers say where a request comes from
 * (Sec-Fetch-Site, else Origin), and no page can forge either; a request with neither is not from a browser, has no
 * cookies of a victim, and passes. The session's own token passes too: another site cannot know it.
 */
export function requireSameOrigin(req: Request, visitor: Visitor | null): void {
  const token = req.get(csrfHeader);
  if (token !== undefined && visitor && csrfTokenMatches(visitor.token, token)) return;
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const fine = site === undefined ? origin === undefined || isOwn(origin, req) : isOwnSite(site);
  if (!fine) {
    throw new Refusal(
      'cross-site-request',
      'Requests that change something are taken only from our own pages, or with X-CSRF-Token.',
    );
  }
}

// `same-site` is not enough: it includes every other port of this host.
const isOwnSite = (site: string) => site === 'same-origin' || site === 'none';

const isOwn = (origin: string, req: Request) => URL.parse(origin)?.host === req.get('host');
