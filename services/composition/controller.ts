import { randomUUID } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import type { Logger } from 'pino';
import type { HttpServer } from '../adapters/http/server.ts';
import { createMetrics } from '../adapters/prometheus/metrics.ts';
import { playbackOf, recordingOf } from '../calls/world.ts';
import { earlier, type Instant } from '../events/instant.ts';
import type { Application, Health } from '../runtime/application.ts';
import { buildLiveView } from '../runtime/build-live-view.ts';
import { createEngine } from '../runtime/engine.ts';
import { createFlowDesk } from '../runtime/flow-desk.ts';
import type { HangGuard } from '../runtime/hang-guard.ts';
import type { Journal } from '../runtime/journal.ts';
import { keepSnapshots, recoverState } from '../runtime/recovery.ts';
import type { TelephonyFact } from '../runtime/telephony-port.ts';
import { createWitness } from '../runtime/witness.ts';
import { createAgentConnect } from './agent-connect.ts';
import { createAsteriskSide } from './asterisk-side.ts';
import { carryClockOn, clock, clockNotBefore, fromWall, schedule } from './clock.ts';
import type { Definitions } from './definitions.ts';
import { openCelAccount } from './local-files.ts';
import { createLookupsSide } from './lookups-side.ts';
import { createRecordsSide } from './records-side.ts';

/** How long the rest of the start stands back for calls: it takes the same processors. */
const patienceWithAsteriskMs = 1_500;

/** How long an end waits for Postgres to take the newest events, before and after calls are let go; the next start ships the rest. */
const drainMs = { served: 1_000, unserved: 300 };

export type ControllerOptions = {
  readonly definitions: Definitions;
  readonly log: Logger;
  /** Whether it follows at once on another controller that prepared the database. */
  readonly takesOver: boolean;
  readonly journal: Journal;
  readonly guard: Pick<HangGuard, 'mayAct' | 'defer'>;
  /** Another controller has taken over: this one must stop at once. */
  readonly onReplaced: () => void;
};

/**
 * Puts the parts together, in the order in which they need each other. Nothing reaches Asterisk or Postgres before `start`; `stop`
 * takes them apart in the opposite order.
 */
export function createController(options: ControllerOptions) {
  const { definitions, log, takesOver, journal, guard, onReplaced } = options;
  const { rules, todayRules } = definitions;
  // A standby has read them long ago.
  definitions.flows.refresh();
  const { centre } = rules;
  const keptClock = carryClockOn(
    definitions.config,
    log,
    () => engine.state.world.calls.size === 0 && engine.state.world.timers.size === 0,
  );
  const [newest] = journal.read(journal.lastSeq - 1, 1);
  if (newest) clockNotBefore(newest.at);
  const { state, restarts } = recoverState(journal, todayRules, clock());
  const cel = openCelAccount(definitions.config, log, fromWall);
  const witness = createWitness(cel, clock);

  /** What we come to hear late, with the time at which it happened. */
  const withWitness = (fact: TelephonyFact): TelephonyFact => {
    if (fact.kind === 'node-up') {
      const link = engine.state.world.nodes.get(fact.nodeId);
      const lastContact = link?.connected === false ? (link.lostAt ?? null) : null;
      // Stamped before or after the clock was set: the earlier reading declares no living channel dead.
      if (fact.startedAt) cel.endLost(earlier(fact.startedAt, fromWall(fact.startedAt)), lastContact);
      return { ...fact, fates: witness.fatesOf(engine.state.world, fact.nodeId, fact.liveLegs) };
    }
    return witness.dated(fact);
  };
  const asterisk = createAsteriskSide({
    definitions,
    log,
    onFact: (fact) => {
      const fates = witness.missed(engine.state.world);
      if (fates.length > 0) engine.fact({ kind: 'missed', fates });
      engine.fact(withWitness(fact));
    },
    command: (command) => engine.command(command),
    knows: (legId) => engine.state.world.legs.has(legId),
    playbackOf: (legId) => playbackOf(engine.state.world, legId),
    recordingOf: (legId) => recordingOf(engine.state.world, legId),
    onRequest: (operation, seconds) => metrics.observeAriRequest(operation, seconds),
    onAgentInvite: (legId, atEpochMs) => agentConnect.onInvite(legId, atEpochMs),
    onReplaced,
    mayAct: guard.mayAct,
  });
  const lookups = createLookupsSide(definitions, log.child({ part: 'lookups' }), (answer) =>
    engine.lookupEnded(answer),
  );
  const engine = createEngine({
    rules,
    todayRules,
    telephony: asterisk.telephony,
    lookups,
    checkPhones: asterisk.checkPhones,
    journal,
    clock,
    schedule,
    defer: guard.defer,
    instance: Date.now().toString(36),
    journalId: journal.id,
    onBug: (error, input) =>
      log.error({ err: error, input }, input ? 'an input could not be handled' : 'a listener failed'),
    state,
  });
  const records = createRecordsSide({ definitions, log, journal, witness, engine });
  const { shipper, reconciliation, kpiCheck, firstCalls, sharedSnapshots } = records;

  /** The start is over: all that can be there is. Who takes over finds it all prepared, and serves as soon as calls do. */
  let complete = takesOver;
  const application: Application = {
    centre,
    now: clock,
    live: () =>
      buildLiveView(engine.state, centre, clock(), todayRules.localDay, definitions.calendar.switches),
    command: engine.command,
    onEvents: engine.onEvents,
    health: () => ({
      ready: complete && asterisk.connected(),
      telephony: asterisk.connected() ? 'up' : 'down',
      postgres: records.isUp() ? 'up' : 'down',
      journalBacklogEvents: shipper.backlog(),
      journal: journal.state().ok ? 'up' : 'down',
      downSince: downSince({ telephony: asterisk.downSince(), postgres: records.downSince() }),
    }),
    books: () => ({
      unexplainedCalls: reconciliation.unexplainedCalls(),
      kpi: kpiCheck.lastChecked(),
    }),
  };
  const metrics = createMetrics({
    application,
    controllerRestarts: restarts,
    unexplainedCalls: reconciliation.unexplainedCalls,
    kpiCheck,
    firstCalls: firstCalls.ratios,
    journal: () => ({ ...journal.state(), ...journal.size() }),
  });
  const agentConnect = createAgentConnect(metrics.observeAgentConnect);
  engine.onEvents((events) => {
    shipper.nudge();
    agentConnect.onEvents(events);
    asterisk.staff(events);
  });
  asterisk.staffAll(state.world);
  const flowDesk = createFlowDesk({
    places: definitions.config,
    shelf: definitions.flows,
    now: clock,
    record: (event) => engine.record(event),
  });
  let screens: HttpServer | null = null;
  const snapshots = keepSnapshots(journal, engine);

  return {
    async start(): Promise<void> {
      engine.record({
        type: 'ControllerStarted',
        instance: randomUUID(),
        adoptedCalls: state.world.calls.size,
      });
      // Calls first: they need nothing of Postgres, and callers ring until we are there.
      asterisk.startCalls();
      asterisk.startPhones();
      await asterisk.firstUp(patienceWithAsteriskMs);
      // Loaded only now: it takes as long as all that calls need.
      const { createScreens } = await import('./screens.ts');
      screens = createScreens(definitions, log, { application, metrics, flowDesk, ...records });
      // However long the rest takes, whoever watches us must see that we live.
      await screens.listen();
      // Whom we follow has prepared what is needed for it.
      if (takesOver) shipper.start();
      await records.prepare();
      // Asterisk writes its own account where it runs.
      if (definitions.config.standbyOf === null) reconciliation.start();
      kpiCheck.start();
      firstCalls.start();
      complete = true;
      // Kept now rather than at the end: a controller that is killed starts as fast as one that was stopped.
      flushCompileCache();
      log.info({ restarts, adoptedCalls: state.world.calls.size }, 'controller is up');
    },
    /** Another acts: decides nothing any more, tells nobody anything, leaves calls alone. */
    async abandon(): Promise<void> {
      engine.stop();
      reconciliation.stop();
      kpiCheck.stop();
      firstCalls.stop();
      sharedSnapshots.stop();
      void screens?.close();
      await asterisk.stop();
      await lookups.close();
      snapshots.stop();
      journal.close();
      cel.close();
    },
    /** Calls go on in Asterisk. */
    async stop(): Promise<void> {
      log.info('stopping; calls go on in Asterisk');
      await screens?.close();
      reconciliation.stop();
      kpiCheck.stop();
      firstCalls.stop();
      sharedSnapshots.stop();
      // While calls are still served: from then on callers have to wait for the next controller.
      await shipper.caughtUp(drainMs.served).catch(() => undefined);
      await asterisk.stop();
      engine.stop();
      await lookups.close();
      snapshots.stop();
      keptClock.stop();
      await shipper.stop(drainMs.unserved);
      metrics.close();
      journal.close();
      cel.close();
      await records.close();
    },
  };
}

/** Those of these that are down. */
function downSince(
  parts: Record<'telephony' | 'postgres', Instant | null>,
): NonNullable<Health['downSince']> {
  const { telephony, postgres } = parts;
  return { ...(telephony !== null && { telephony }), ...(postgres !== null && { postgres }) };
}
