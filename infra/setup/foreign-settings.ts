/**
 * Forgets what a shell has set for other programs and our libraries would take for ours: the Postgres driver reads `PGSSLMODE`,
 * `PGOPTIONS` and their like, which people set for a server of theirs. Ours is told where its Postgres is by `DATABASE_URL` alone.
 */
export function forgetForeignSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (/^PG[A-Z]/.test(name)) delete env[name];
}
