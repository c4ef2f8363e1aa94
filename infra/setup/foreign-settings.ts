/**
 * What a shell has set for other programs, and our libraries would take for ours.
 * - The Postgres driver reads `PGSSLMODE`, `PGOPTIONS` and their like, which people set for a server of theirs: forgotten. Ours is
 *   told where its Postgres is by `DATABASE_URL` alone.
 * - With `NODE_USE_ENV_PROXY` Node asks everything through the proxy in `HTTP_PROXY`: what is asked of this machine's own parts is not
 *   for a proxy.
 */
export function forgetForeignSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (/^PG[A-Z]/.test(name)) delete env[name];
  const ours = ['127.0.0.1', 'localhost', ...(env.HOTLINE_BIND ? [env.HOTLINE_BIND] : [])];
  const given = env.no_proxy || env.NO_PROXY;
  if (given === '*') return;
  env.no_proxy = env.NO_PROXY = [...(given ? [given] : []), ...ours].join(',');
}
