import { join } from 'node:path';
import express, { type RequestHandler } from 'express';
import { Refusal } from './errors.ts';

/**
 * The built screens. Files under `assets/` carry a hash in their name and are kept for ever; everything else is asked
 * for again each time. Any other page address gets index.html, as the screens do their own routing.
 */
export function staticUi(uiDir: string): RequestHandler[] {
  const assets = join(uiDir, 'assets');
  const files = express.static(uiDir, {
    index: false,
    dotfiles: 'ignore',
    redirect: false,
    setHeaders(res, path) {
      const lasting = path.startsWith(`${assets}/`);
      res.setHeader('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const page: RequestHandler = (req, res, next) => {
    if (!isPage(req.method, req.path) || !req.accepts('html')) return next();
    res.set('Cache-Control', 'no-cache');
    res.sendFile('index.html', { root: uiDir, cacheControl: false }, (error) => {
      if (!error || res.headersSent) return; // sent, or the reader went away half-way
      res.removeHeader('Cache-Control');
      next(
        (error as NodeJS.ErrnoException).code === 'ENOENT'
          ? new Refusal('ui-not-built', 'The screens were not built; `npm start` builds them. The API works.')
          : error,
      );
    });
  };
  return [files, page];
}

// A last part with a dot is a file that is not there, not a page.
const isPage = (method: string, path: string) =>
  (method === 'GET' || method === 'HEAD') && !/^\/api(\/|$)/.test(path) && !/\.[^/]*$/.test(path);
