import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { createAmi } from './adapters/ami/ami.ts';
import { FallbackCalls, fallbackCallEvents } from './adapters/ami/fallback-calls.ts';
import { FallbackMembers, fallbackMemberEvents } from './adapters/ami/fallback-members.ts';
import { createLookAgain } from './adapters/ami/look-again.ts';
import { contactEvents, Reachability } from './adapters/ami/reachability.ts';
import { createAriTelephony } from './adapters/ari/telephony.ts';
import { createCelAccount } from './adapters/cel/account.ts';
import { createHttpServer } from './adapters/http/server.ts';
import {
  connect,
  createAudit,
  createAuth,
  createHistory,
  createLedgerCheck,
  createRecords,
  prepareDatabase,
} from './adapters/postgres/index.ts';
import { createMetrics } from './adapters/prometheus/metrics.ts';
import { hotlineOf } from './calls/arrive.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { asId, type LegId, type NodeId } from './events/ids.ts';
import { instant } from './events/instant.ts';
import { localDayIn } from './kpi/local-day.ts';
import type { Application } from './runtime/application.ts';
import { buildLiveView } from './runtime/build-live-view.ts';
import { CentreError, loadCentre, loadFlows } from './runtime/centre-file.ts';
import { createEngine } from './runtime/engine.ts';
import { Journal } from './runtime/journal.ts';
import { createReconciliation } from './runtime/reconcile.ts';
import { keepSnapshots, recoverState } from './runtime/recovery.ts';
import { readCredentials, readSecrets, SecretsError } from './runtime/secrets.ts';
import { createShipper } from './runtime/shipper.ts';
import type { TelephonyFact } from './runtime/telephony-port.ts';
import { createWitness } from './runtime/witness.ts';

/** The controller: puts the parts together, in the order in which they need each other, and takes them apart in the opposite one. */
async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { part: 'controller' } });
  for (const warning of config.warnings) log.warn(warning);
  const secrets = readSecrets(config.secretsFile);
  const credentials = readCredentials(config.credentialsFile);
  const dialplans = join(config.repoDir, 'dialplans');
  const centre = loadCentre(config.centreFile);
  const flows = loadFlows(join(dialplans, 'ivr'), join(dialplans, 'prompts'), centre);
  const clock = () => instant(Date.now());
  const schedule = (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  };
  const todayRules = {
    localDay: localDayIn(config.timeZone),
    thresholdsOf: (queue: Parameters<typeof centre.queues.get>[0]) => centre.queues.get(queue),
  };

  const journalFile = join(config.homeDir, 'journal', 'journal.db');
  mkdirSync(dirname(journalFile), { recursive: true, mode: 0o700 });
  const journal = new Journal({
    file: journalFile,
    newId: randomUUID(),
    onProblem: ({ problem, heldInMemory }) =>
      problem === null
        ? log.info('the journal can be written again')
        : log.error({ file: journalFile, heldInMemory }, `journal: ${problem}; events are held in memory`),
  });
  const { state, restarts } = recoverState(journal, todayRules, clock());

  const cel = createCelAccount({
    file: join(config.homeDir, 'asterisk', 'cel', 'cel.csv'),
    storeFile: join(dirname(journalFile), 'cel.db'),
    log: log.child({ part: 'cel' }),
  });
  const witness = createWitness(cel, clock);

  /** What we come to hear late, with the time at which it happened. */
  const withWitness = (fact: TelephonyFact): TelephonyFact => {
    if (fact.kind === 'node-up') {
      if (fact.startedAt) cel.endLost(fact.startedAt);
      return { ...fact, fates: witness.fatesOf(engine.state.world, fact.nodeId, fact.liveLegs) };
    }
    return witness.dated(fact);
  };
  const telephony = createAriTelephony({
    url: `http://${config.localAddress}:${config.asteriskHttpPort}`,
    user: secrets.ari.user,
    password: secrets.ari.password,
    nodeId: asId<NodeId>(config.nodeId),
    soundsDir: join(config.homeDir, 'sounds'),
    sink: (fact) => {
      if (fact.kind === 'node-up') nodeConnected = true;
      if (fact.kind === 'node-down') nodeConnected = false;
      engine.fact(withWitness(fact));
    },
    log: log.child({ part: 'ari' }),
    knows: (legId) => engine.state.world.legs.has(legId),
    onRequest: (operation, seconds) => metrics.observeAriRequest(operation, seconds),
    onAgentInvite: (legId, atEpochMs) => {
      const ring = awaitingInvite.get(legId);
      if (ring) metrics.observeAgentConnect(ring.queue, Math.max(0, atEpochMs - ring.at) / 1000);
      awaitingInvite.delete(legId);
    },
    onReplaced: () => {
      log.fatal('another controller has taken over; this one stops');
      void stop(1);
    },
  });
  let nodeConnected = false;
  const awaitingInvite = new Map<LegId, { queue: string; at: number }>();

  const phones = new Reachability([...centre.agents.keys()], (fact) => engine.fact(fact));
  const fallbackCalls = new FallbackCalls({
    isAgent: (agent) => centre.agents.has(agent),
    onBusy: (agents) => phones.setBusyElsewhere(agents),
    schedule,
    log: log.child({ part: 'fallback' }),
  });
  const fallbackMembers = new FallbackMembers({
    queuesOf: (agent) => centre.agents.get(agent)?.queues ?? [],
    onDialled: (agent, intent) => engine.command({ kind: 'set-agent-state', agent, intent, by: agent }),
    log: log.child({ part: 'fallback' }),
  });
  const ami = createAmi({
    port: config.amiPort,
    user: secrets.ami.user,
    password: secrets.ami.password,
    log: log.child({ part: 'ami' }),
    events: [...contactEvents, ...fallbackCallEvents, ...fallbackMemberEvents],
    onEvent: (event) => {
      phones.handle(event);
      fallbackCalls.handle(event);
      fallbackMembers.handle(event);
    },
    onUp: async (connection) => {
      await fallbackCalls.read(connection);
      await phones.read(connection);
      void fallbackMembers.up(connection);
    },
    onDown: () => {
      fallbackCalls.down();
      fallbackMembers.down();
    },
  });
  const checkPhones = createLookAgain({ ami, phones, schedule, log: log.child({ part: 'ami' }) });

  const engine = createEngine({
    rules: { centre, flows },
    todayRules,
    telephony,
    checkPhones,
    journal,
    clock,
    schedule,
    defer: queueMicrotask,
    instance: Date.now().toString(36),
    journalId: journal.id,
    onBug: (error, input) =>
      log.error({ err: error, input }, input ? 'an input could not be handled' : 'a listener failed'),
    state,
  });

  if (!config.databaseUrl)
    throw new ConfigError(['HOTLINE_DATABASE_URL: is not set; start with `npm start`']);
  const postgres = connect(config.databaseUrl, {
    onConnectionLost: (error) => log.warn({ err: error }, 'a connection to Postgres was lost'),
  });
  const shipper = createShipper({
    journal,
    history: createHistory(postgres),
    schedule,
    onState: (up, problem) =>
      up ? log.info('Postgres takes events') : log.warn(`Postgres takes no events: ${problem}`),
    onShipped: (seq) => {
      if (journal.lastSeq - seq < 1_000) journal.prune(seq);
    },
  });

  const reconciliation = createReconciliation({
    witness,
    ledger: createLedgerCheck(postgres),
    world: state.world,
    rules: {
      nodeId: asId<NodeId>(config.nodeId),
      hotlineOf: (number) => hotlineOf(centre, number),
    },
    importEvents: engine.importEvents,
    shipped: () => shipper.caughtUp(5_000),
    clock,
    schedule,
    log: log.child({ part: 'reconciliation' }),
  });

  const application: Application = {
    centre,
    now: clock,
    live: () => buildLiveView(engine.state, centre, clock(), todayRules.localDay),
    command: engine.command,
    onEvents: engine.onEvents,
    health: () => ({
      ready: nodeConnected,
      telephony: nodeConnected ? 'up' : 'down',
      postgres: shipper.up() ? 'up' : 'down',
      journalBacklogEvents: shipper.backlog(),
    }),
  };
  const metrics = createMetrics({
    application,
    controllerRestarts: restarts,
    unexplainedCalls: reconciliation.unexplainedCalls,
  });
  engine.onEvents((events) => {
    shipper.nudge();
    for (const event of events) {
      if (event.type === 'AgentRingRequested')
        awaitingInvite.set(event.legId, { queue: event.queue, at: event.at });
      if (event.type === 'AgentRingEnded') awaitingInvite.delete(event.legId);
      if (event.type === 'AgentStateChanged')
        fallbackMembers.staff({
          agent: event.agent,
          intent: event.intent.kind,
          device: event.devices[0] ?? null,
        });
    }
  });
  for (const agent of centre.agents.keys()) {
    const known = state.world.agents.get(agent);
    fallbackMembers.staff({
      agent,
      intent: known?.intent.kind ?? 'signed-out',
      device: known?.devices[0] ?? null,
    });
  }

  const auth = createAuth(postgres);
  let peopleAreKnown = false;
  const http = createHttpServer({
    application,
    store: createRecords(postgres, { timeZone: config.timeZone }),
    auth: {
      ...auth,
      async verifyPassword(user, password) {
        const person = await auth.verifyPassword(user, password);
        // Calls do not wait for the list of people: until it is there, "wrong password" may be wrong.
        if (person === null && !peopleAreKnown) throw new Error('the list of people is not up to date yet');
        return person;
      },
    },
    audit: createAudit(postgres),
    metrics,
    browserPhones: {
      accountOf(agent) {
        const password = credentials.sip[agent];
        return password === undefined ? null : { account: `${agent}-web`, password };
      },
      webSocketUrl: `ws://${config.localAddress}:${config.asteriskHttpPort}/ws`,
      secureWebSocketUrl: `wss://${config.localAddress}:${config.asteriskHttpsPort}/ws`,
    },
    uiDir: config.uiDir,
    log,
    config: {
      bindAddress: config.bindAddress,
      port: config.httpPort,
    },
  });

  let stopping = false;
  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info('stopping; calls go on in Asterisk');
    await http.close();
    reconciliation.stop();
    await ami.stop();
    fallbackCalls.down();
    fallbackMembers.down();
    await telephony.stop();
    engine.stop();
    snapshots.stop();
    await shipper.stop(3_000);
    metrics.close();
    journal.close();
    cel.close();
    await postgres.close();
    process.exit(exitCode);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));

  const snapshots = keepSnapshots(journal, engine);
  engine.record({
    type: 'ControllerStarted',
    instance: randomUUID(),
    adoptedCalls: state.world.calls.size,
  });
  await prepareDatabase({
    url: config.databaseUrl,
    postgres,
    centre,
    credentials,
    clock,
    schedule,
    log,
    onPrepared: () => {
      peopleAreKnown = true;
      shipper.start();
    },
  });
  telephony.start();
  reconciliation.start();
  ami.start();
  await http.listen();
  // Kept now rather than at the end: a controller that is killed starts as fast as one that was stopped.
  flushCompileCache();
  log.info({ restarts, adoptedCalls: state.world.calls.size }, 'controller is up');
}

function fail(error: unknown): void {
  const expected =
    error instanceof ConfigError || error instanceof CentreError || error instanceof SecretsError;
  process.stderr.write(
    `${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
try {
  await main(loadConfig(process.env));
} catch (error) {
  fail(error);
}
