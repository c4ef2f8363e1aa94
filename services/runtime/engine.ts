import type { Command, CommandResult } from '../agents/commands.ts';
import { decide } from '../calls/decide.ts';
import { effectsOf } from '../calls/effects.ts';
import { evolve } from '../calls/evolve.ts';
import type { Input } from '../calls/input.ts';
import { RoutingMemory } from '../calls/routing-memory.ts';
import { promptsToStop, standingOrders } from '../calls/standing-orders.ts';
import { nextTimer } from '../calls/timers.ts';
import { type IdSource, type Rules, Turn } from '../calls/turn.ts';
import { emptyWorld, type World } from '../calls/world.ts';
import type { EventBody, HotlineEvent } from '../events/events.ts';
import type { AgentId, EventId } from '../events/ids.ts';
import { after, type Instant } from '../events/instant.ts';
import { createToday, foldToday, type Today, type TodayRules } from '../kpi/today.ts';
import type { LookupAnswer, LookupPort } from './lookup-port.ts';
import type { TelephonyFact, TelephonyOrder, TelephonyPort } from './telephony-port.ts';

/** Everything the engine folds: kept in snapshots, rebuilt from the journal. */
export type EngineState = { world: World; today: Today; seq: number };

export type EngineOptions = {
  rules: Rules;
  todayRules: TodayRules;
  telephony: TelephonyPort;
  lookups: LookupPort;
  /** Looks again which of an agent's phones can be rung, and reports a `phones` fact whatever the answer. */
  checkPhones: (agent: AgentId) => void;
  /** Appends a run of events durably before it returns. Must not throw: what it does when it cannot is its own affair. */
  journal: { append(events: readonly HotlineEvent[]): void };
  clock: () => Instant;
  /** Calls back once, after at least `ms`; returns how to cancel. */
  schedule: (ms: number, callback: () => void) => () => void;
  /** Lets inputs that come together be handled together: runs the work a little later. */
  defer: (work: () => void) => void;
  /** Names this run of the controller: ids made by it are unique across restarts. */
  instance: string;
  /** Prefix of event ids: names the journal, for ever. */
  journalId: string;
  /** An input could not be handled, or (null) a listener failed: a bug. The events it had led to stand; everything else goes on. */
  onBug: (error: unknown, input: Input | null) => void;
  state?: EngineState;
};

export type Engine = ReturnType<typeof createEngine>;

/** The longest time a timer sleeps before it looks at the clock again: bounds the effect of a clock that jumps. */
const longestSleepMs = 60_000;
/** Waking up later than this, we stood still. */
const standstillMs = 2_000;
const hearFirstMs = 1_000;

/**
 * One inbox, one writer. Inputs are handled one at a time in the order they came; all that have come by the time
 * the inbox is emptied share one journal write; only then are Asterisk and the listeners told.
 */
export function createEngine(options: EngineOptions) {
  const { rules, todayRules, telephony, journal, clock } = options;
  const state: EngineState = options.state ?? {
    world: emptyWorld(),
    today: createToday(todayRules.localDay(clock())),
    seq: 0,
  };
  /** Beside the world and not in it: made of it here, and anew should a step have failed half-way. */
  let router = new RoutingMemory(rules.centre, state.world, clock());
  const inbox: { input: Input; reply: (result: CommandResult) => void }[] = [];
  const listeners = new Set<(events: readonly HotlineEvent[]) => void>();
  let working = false;
  let stopped = false;
  let cancelTimer: () => void = () => undefined;
  let made = 0;
  /** What follows from a connection that came up, until its event is journalled. */
  const toOrderAnew = new Map<EventId, TelephonyOrder[]>();
  /** When the timers are next to be looked at. */
  let wakeAt: Instant = clock();

  const ids: IdSource = {
    event: () => {
      state.seq += 1;
      return { eventId: `${options.journalId}-${state.seq}` as EventId, seq: state.seq };
    },
    next: (kind) => `${kind}-${options.instance}-${(made++).toString(36)}`,
  };

  function submit(input: Input): Promise<CommandResult> {
    return new Promise((reply) => {
      inbox.push({ input, reply });
      if (!working && !stopped) {
        working = true;
        options.defer(work);
      }
    });
  }

  function work(): void {
    while (inbox.length > 0 && !stopped) {
      const batch = inbox.splice(0);
      const events: HotlineEvent[] = [];
      const replies = batch.map(({ input, reply }) => {
        const result = handle(input, events);
        return () => reply(result);
      });
      commit(events);
      for (const reply of replies) reply();
    }
    working = false;
    armTimer();
  }

  function handle(input: Input, events: HotlineEvent[]): CommandResult {
    const turn = new Turn(state.world, rules, clock(), ids, router);
    const nodeUp = input.kind === 'fact' && input.fact.kind === 'node-up' ? input.fact.nodeId : null;
    const stops = nodeUp === null ? [] : promptsToStop(state.world, nodeUp, clock());
    try {
      return decide(turn, input);
    } catch (error) {
      options.onBug(error, input);
      router = new RoutingMemory(rules.centre, state.world, clock());
      return { ok: false, code: 'not-allowed', message: 'the request could not be handled' };
    } finally {
      events.push(...turn.events);
      // As things stand now: what the inputs handled with this one lead to is ordered by itself, and in its own order.
      const connected = turn.events.find(({ type }) => type === 'NodeConnected');
      if (nodeUp !== null && connected)
        toOrderAnew.set(connected.eventId, [
          ...stops.filter(({ legId }) => state.world.legs.has(legId)),
          ...standingOrders(state.world, nodeUp, clock()),
        ]);
    }
  }

  function commit(events: readonly HotlineEvent[]): void {
    if (events.length === 0) return;
    journal.append(events);
    for (const event of events) {
      state.today = foldToday(state.today, event, todayRules);
      const order = effectsOf(event);
      if (order?.kind === 'check-phones') options.checkPhones(order.agent);
      else if (order?.kind === 'look-up') options.lookups.ask(order);
      else if (order) telephony.perform(order);
      for (const anew of toOrderAnew.get(event.eventId) ?? []) telephony.perform(anew);
      toOrderAnew.delete(event.eventId);
    }
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (error) {
        // Whoever listens must not keep the next step from being taken.
        options.onBug(error, null);
      }
    }
  }

  function armTimer(): void {
    cancelTimer();
    const next = stopped ? null : nextTimer(state.world.timers);
    if (!next) return;
    const ms = Math.min(longestSleepMs, Math.max(0, next.at - clock()));
    wakeAt = after(clock(), ms);
    cancelTimer = options.schedule(ms, fireTimers);
  }

  function fireTimers(): void {
    const now = clock();
    if (now - wakeAt > standstillMs) {
      // We stood still: what has happened meanwhile is to be heard before anything is concluded from its absence.
      wakeAt = after(now, hearFirstMs);
      cancelTimer = options.schedule(hearFirstMs, fireTimers);
      return;
    }
    for (const [timer, at] of state.world.timers) if (at <= now) void submit({ kind: 'timer', timer });
    if (!working) armTimer();
  }

  // What a controller before this one was waiting for goes on being waited for, whether or not anything else happens.
  armTimer();

  return {
    state,
    fact: (fact: TelephonyFact): void => {
      void submit({ kind: 'fact', fact });
    },
    lookupEnded: (answer: LookupAnswer): void => {
      void submit(answer);
    },
    command: (command: Command): Promise<CommandResult> => submit({ kind: 'command', command }),
    /** Records something that no input led to, such as the controller's own start. */
    record: (body: Parameters<Turn['emit']>[0]): void => {
      const turn = new Turn(state.world, rules, clock(), ids, router);
      turn.emit(body);
      commit(turn.events);
    },
    /**
     * Records what Asterisk's own account tells of the time when we were away: journalled, counted and told to listeners like
     * any other event, but no part of the live world. No order follows from it, now or when it is replayed.
     */
    importEvents: (told: readonly { at: Instant; body: EventBody }[]): void => {
      const events = told.map(
        ({ at, body }) => ({ ...body, ...ids.event(), at, witness: 'cel' }) as HotlineEvent,
      );
      if (events.length === 0) return;
      journal.append(events);
      for (const event of events) state.today = foldToday(state.today, event, todayRules);
      for (const listener of listeners) listener(events);
    },
    onEvents(listener: (events: readonly HotlineEvent[]) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Takes no more inputs and fires no more timers. What was handled is journalled already. */
    stop(): void {
      stopped = true;
      cancelTimer();
    },
  };
}

/** Folds journalled events into a state, as they were folded when they happened. */
export function replay(state: EngineState, events: Iterable<HotlineEvent>, todayRules: TodayRules): void {
  for (const event of events) {
    if (event.seq <= state.seq) continue;
    if (event.witness === undefined) evolve(state.world, event);
    state.today = foldToday(state.today, event, todayRules);
    state.seq = event.seq;
  }
}
