import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Headers that keep browsers from doing what our pages never need. `connectSources`: further origins for WebSockets. */
export function securityHeaders(connectSources: readonly string[]): RequestHandler[] {
  const self = "'self'";
  const common = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': [self],
        'script-src': [self],
        // The component library writes its styles into the page while it runs.
        'style-src': [self, "'unsafe-inline'"],
        'img-src': [self, 'data:'],
        'font-src': [self, 'data:'],
        'media-src': [self, 'blob:'],
        'connect-src': [self, ...connectSources],
        'object-src': ["'none'"],
        'base-uri': [self],
        'form-action': [self],
        'frame-ancestors': ["'none'"],
      },
    },
    // Sent below, only where TLS is in use: over plain HTTP it means nothing.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  const more: RequestHandler = (req, res, next) => {
    // The phone in the browser needs the microphone; nothing needs more.
    res.set('Permissions-Policy', 'microphone=(self), camera=(), geolocation=(), payment=(), usb=()');
    if (req.secure) res.set('Strict-Transport-Security', 'max-age=31536000');
    next();
  };
  return [common, more];
}
