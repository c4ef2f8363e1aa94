import type { Logger } from 'pino';
import { createHttpSource } from '../adapters/lookup-http/http-source.ts';
import { createSqlSource } from '../adapters/lookup-sql/sql-source.ts';
import { ConfigError } from '../config.ts';
import type { LookupSource } from '../ivr/lookups.ts';
import { createAskSources } from '../runtime/ask-sources.ts';
import type { LookupSink } from '../runtime/lookup-port.ts';
import { type LookupSourcePort, SourceAway } from '../runtime/lookup-source.ts';
import { schedule } from './clock.ts';
import type { Definitions } from './definitions.ts';

/** Everything that flows look things up in. Nothing is connected before the first question. */
export function createLookupsSide(definitions: Definitions, log: Logger, sink: LookupSink) {
  const { lookups } = definitions;
  const sources = [...lookups.sources.values()];
  return createAskSources({
    lookups,
    sources: new Map(sources.map((source) => [source.id, createSource(source, definitions, log)])),
    sink,
    nowMs: () => performance.now(),
    schedule,
    onProblem: (lookup, problem, error) =>
      log.warn(
        // Where a source that is away was noticed says nothing; why, does.
        { lookup, err: error instanceof SourceAway ? error.cause : error },
        `a lookup failed: ${problem}`,
      ),
    onSource: (source, change) =>
      change === 'rests'
        ? log.error({ source }, 'a source of lookups does not answer; it is left alone for a while')
        : log.info({ source }, 'a source of lookups answers again'),
  });
}

function createSource(
  source: LookupSource,
  { config, secrets, lookups }: Definitions,
  log: Logger,
): LookupSourcePort {
  if (source.kind === 'sql') {
    const url = config.lookupDatabaseUrl ?? config.databaseUrl;
    if (!url) throw new ConfigError(['HOTLINE_DATABASE_URL: is not set; start with `npm start`']);
    return createSqlSource({
      url,
      maxConnections: source.maxAtOnce,
      timeZone: config.timeZone,
      // In a database of their own the operator says with the user in its address what may be seen.
      role: config.lookupDatabaseUrl === null ? 'hotline_lookup' : null,
      onConnectionLost: (error) => log.debug({ err: error, source: source.id }, 'a connection was lost'),
    });
  }
  const token = source.secret === null ? null : secrets.lookups?.[source.secret];
  if (token === undefined) {
    const problem = `${config.secretsFile} has no "${source.secret}" under "lookups"; add it there, or remove "secret" from ${config.lookupsFile}`;
    log.error({ source: source.id }, problem);
    // Callers are served, only not by this source.
    return {
      ask: () => Promise.reject(new SourceAway(`there is no token for ${source.id}`)),
      close: async () => undefined,
    };
  }
  const used = [...lookups.lookups.values()].some((one) => one.source === source.id);
  if (!used) log.warn({ source: source.id }, 'no lookup uses this source');
  return createHttpSource({ address: source.address, token });
}
