import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { build } from 'vite';
import { createHttpServer } from '../../../services/adapters/http/server.ts';
import type { HotlineEvent } from '../../../services/events/events.ts';
import { instant } from '../../../services/events/instant.ts';
import type { Health } from '../../../services/runtime/application.ts';
import type { Command, CommandResult } from '../../../services/runtime/commands.ts';
import type { LiveView } from '../../../services/runtime/live-view.ts';
import { fakeStore } from '../../support/http-fakes.ts';
import { centreOf } from './floor.ts';

const dashboards = resolve(fileURLToPath(import.meta.url), '../../../../dashboards');

/** Builds the screens as they are delivered, into a folder of its own. */
export async function buildScreens(): Promise<{ uiDir: string; remove: () => Promise<void> }> {
  const uiDir = await mkdtemp(join(tmpdir(), 'hotline-ui-'));
  await build({
    configFile: join(dashboards, 'vite.config.ts'),
    build: { outDir: uiDir },
    logLevel: 'warn',
  });
  return { uiDir, remove: () => rm(uiDir, { recursive: true, force: true }) };
}

/**
 * The real HTTP server with the built screens, on a floor that the test sets. Sign-in, cookies, content policy, live
 * stream and masking are the server's own; only the engine and the database behind it are stand-ins.
 */
export async function serveScreens(uiDir: string, floor: LiveView, port = 0) {
  const listeners = new Set<(events: readonly HotlineEvent[]) => void>();
  const commands: Command[] = [];
  const people = fakeStore();
  const state = {
    floor,
    health: { ready: true, telephony: 'up', postgres: 'up', journalBacklogEvents: 0 } as Health,
    answer: (_command: Command): CommandResult => ({ ok: true }),
  };
  const start = async (onPort: number) => {
    const server = createHttpServer({
      application: {
        centre: centreOf(floor),
        now: () => instant(Date.now()),
        live: () => state.floor,
        command: async (command) => {
          commands.push(command);
          return state.answer(command);
        },
        onEvents: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        health: () => state.health,
      },
      store: people.store,
      auth: people.auth,
      audit: people.audit,
      metrics: { contentType: 'text/plain', text: async () => '' },
      uiDir,
      log: pino({ level: 'silent' }),
      config: { bindAddress: '127.0.0.1', port: onPort },
    });
    const bound = await server.listen();
    return { server, port: bound.port };
  };
  let running = await start(port);
  return {
    base: `http://127.0.0.1:${running.port}`,
    people,
    commands,
    state,
    /** Shows another floor; boards hear of it as they do of any change. */
    show(next: LiveView): void {
      state.floor = { ...next, seq: state.floor.seq + 1 };
      for (const listener of listeners) listener([]);
    },
    /** The service goes away; the port is free. */
    stop: () => running.server.close(),
    /** The service is back on the same port. */
    async startAgain(): Promise<void> {
      running = await start(running.port);
    },
  };
}
export type Screens = Awaited<ReturnType<typeof serveScreens>>;
