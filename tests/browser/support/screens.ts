import { join, resolve } from 'node:path';
import pino from 'pino';
import { ensureUi } from '../../../infra/setup/ui.ts';
import { createHttpServer } from '../../../services/adapters/http/server.ts';
import type { HotlineEvent } from '../../../services/events/events.ts';
import { instant } from '../../../services/events/instant.ts';
import type { Problem } from '../../../services/ivr/check/problem.ts';
import type { Books, Health } from '../../../services/runtime/application.ts';
import type { Command, CommandResult } from '../../../services/runtime/commands.ts';
import type { LiveView } from '../../../services/runtime/live-view.ts';
import { fakeFlowDesk } from '../../support/fake-flow-desk.ts';
import { fakeBrowserPhones, fakePrompts, fakeStore } from '../../support/http-fakes.ts';
import { centreOf } from './floor.ts';

const repoDir = resolve(import.meta.dirname, '../../..');

/** The screens as they are delivered; built anew only when their sources changed. */
export async function buildScreens(): Promise<string> {
  const uiDir = join(repoDir, 'node_modules/.cache/hotline-screens');
  await ensureUi(repoDir, uiDir, () => undefined);
  return uiDir;
}

/**
 * The real HTTP server with the built screens, on a floor that the test sets. Sign-in, cookies, content policy, live
 * stream and masking are the server's own; only the engine and the database behind it are stand-ins.
 */
export async function serveScreens(uiDir: string, floor: LiveView, port: number) {
  const listeners = new Set<(events: readonly HotlineEvent[]) => void>();
  const commands: Command[] = [];
  const people = fakeStore();
  const state = {
    floor,
    health: {
      ready: true,
      telephony: 'up',
      postgres: 'up',
      journalBacklogEvents: 0,
      journal: 'up',
    } as Health,
    books: { unexplainedCalls: 0, kpi: null } as Books,
    answer: (_command: Command): CommandResult => ({ ok: true }),
  };
  let flowProblems: readonly Problem[] = [];
  const flowDesk = fakeFlowDesk(() =>
    flowProblems.length === 0
      ? null
      : { ok: false, code: 'refused', message: 'Refused; the one before stays.', problems: flowProblems },
  );
  const start = async (onPort: number) => {
    const server = createHttpServer({
      application: {
        centre: centreOf(floor),
        now: () => instant(Date.now()),
        live: () => asOf(state.floor, Date.now()),
        command: async (command) => {
          commands.push(command);
          return state.answer(command);
        },
        onEvents: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        health: () => state.health,
        books: () => state.books,
      },
      store: people.store,
      tasks: people.tasks,
      auth: people.auth,
      audit: people.audit,
      prompts: fakePrompts(),
      flowDesk,
      metrics: { contentType: 'text/plain', text: async () => '' },
      browserPhones: fakeBrowserPhones(),
      uiDir,
      recordingsDir: uiDir,
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
    /** From now on every activation is refused with these problems of 95598.yaml. */
    refuseFlows(problems: readonly Pick<Problem, 'line' | 'what' | 'suggestion'>[]): void {
      flowProblems = problems.map((problem) => ({
        ...problem,
        file: '95598.yaml',
        where: 'nodes.menu',
        severity: 'error',
        kind: 'name',
      }));
    },
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

/** The floor as it is a little later: nothing happened, but waits went on. */
function asOf(floor: LiveView, now: number): LiveView {
  const passedMs = now - floor.at;
  return {
    ...floor,
    at: instant(now),
    queues: floor.queues.map((queue) =>
      queue.waiting === 0 ? queue : { ...queue, longestWaitMs: queue.longestWaitMs + passedMs },
    ),
  };
}
