import { join } from 'node:path';
import type { Logger } from 'pino';
import type { HttpServerOptions } from '../adapters/http/options.ts';
import { createHttpServer } from '../adapters/http/server.ts';
import { promptShelf } from '../runtime/prompt-shelf.ts';
import type { Definitions } from './definitions.ts';

/** What people see: API, live streams, metrics and the screens, on one port. */
export function createScreens(
  { config, credentials }: Definitions,
  log: Logger,
  parts: Pick<
    HttpServerOptions,
    'application' | 'store' | 'tasks' | 'auth' | 'audit' | 'flowDesk' | 'metrics'
  >,
) {
  return createHttpServer({
    ...parts,
    prompts: promptShelf(join(config.repoDir, 'dialplans/prompts'), join(config.homeDir, 'sounds')),
    browserPhones: {
      accountOf(agent) {
        const password = credentials.sip[agent];
        return password === undefined ? null : { account: `${agent}-web`, password };
      },
      webSocketUrl: `ws://${config.asteriskAddress}:${config.asteriskHttpPort}/ws`,
      secureWebSocketUrl: `wss://${config.asteriskAddress}:${config.asteriskHttpsPort}/ws`,
    },
    uiDir: config.uiDir,
    recordingsDir: config.recordings.dir,
    log,
    config: { bindAddress: config.bindAddress, port: config.httpPort },
  });
}
