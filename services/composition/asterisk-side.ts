import { join } from 'node:path';
import type { Logger } from 'pino';
import { createAmi } from '../adapters/ami/ami.ts';
import { FallbackCalls, fallbackCallEvents } from '../adapters/ami/fallback-calls.ts';
import { FallbackMembers, fallbackMemberEvents } from '../adapters/ami/fallback-members.ts';
import { createLookAgain } from '../adapters/ami/look-again.ts';
import { contactEvents, Reachability } from '../adapters/ami/reachability.ts';
import { createAriTelephony } from '../adapters/ari/telephony.ts';
import type { World } from '../calls/world.ts';
import type { HotlineEvent } from '../events/events.ts';
import { asId, type LegId, type NodeId, type PlaybackId, type RecordingId } from '../events/ids.ts';
import type { Command } from '../runtime/commands.ts';
import { FallbackStaffing } from '../runtime/fallback-staffing.ts';
import { createRecordingStore } from '../runtime/recording-store.ts';
import type { TelephonyFact } from '../runtime/telephony-port.ts';
import { clock, schedule } from './clock.ts';
import type { Definitions } from './definitions.ts';

export type AsteriskSideOptions = {
  readonly definitions: Definitions;
  readonly log: Logger;
  readonly onFact: (fact: TelephonyFact) => void;
  readonly command: (command: Command) => Promise<unknown>;
  /** Whether a leg belongs to an open call. */
  readonly knows: (legId: LegId) => boolean;
  /** What is being played to a leg, as far as we know. */
  readonly playbackOf: (legId: LegId) => PlaybackId | null;
  /** What is being recorded of a leg, as far as we know. */
  readonly recordingOf: (legId: LegId) => RecordingId | null;
  readonly onRequest: (operation: string, seconds: number) => void;
  /** An agent's INVITE is on its way. */
  readonly onAgentInvite: (legId: LegId, atEpochMs: number) => void;
  /** Whether this controller may act: asked before anything is changed in Asterisk. */
  readonly mayAct: () => true | Promise<boolean>;
  /** Another controller acts on this Asterisk from now on. */
  readonly onReplaced: () => void;
};

/** Everything that speaks with Asterisk: calls through ARI; phones and the fallback through AMI. */
export function createAsteriskSide(options: AsteriskSideOptions) {
  const { config, secrets, rules } = options.definitions;
  const { centre } = rules;
  const { log } = options;
  let connected = false;
  /** As far as we know: at the start nothing is connected yet. */
  let lostAt = clock();
  let phonesAreKnown = false;
  const { promise: up, resolve: cameUp } = Promise.withResolvers<void>();
  const telephony = createAriTelephony({
    url: `http://${config.asteriskAddress}:${config.asteriskHttpPort}`,
    user: secrets.ari.user,
    password: secrets.ari.password,
    nodeId: asId<NodeId>(config.nodeId),
    // Elsewhere they are known by the name that Asterisk's own sounds folder has for them.
    soundsDir: config.standbyOf === null ? join(config.homeDir, 'sounds') : 'hotline',
    sink: (fact) => {
      if (fact.kind === 'node-up') connected = true;
      if (fact.kind === 'node-down') {
        if (connected) lostAt = clock();
        connected = false;
      }
      options.onFact(fact);
      // While no call could be made nobody's phone counted as there; what AMI knows holds again.
      if (fact.kind === 'node-up' && phonesAreKnown) phones.announce();
      if (connected) cameUp();
    },
    log: log.child({ part: 'ari' }),
    knows: options.knows,
    playbackOf: options.playbackOf,
    recordingOf: options.recordingOf,
    mayRecord: () => recordings?.mayRecord() ?? true,
    dialsOut: config.outboundTrunk !== null,
    onRequest: options.onRequest,
    onAgentInvite: options.onAgentInvite,
    onReplaced: options.onReplaced,
    mayAct: options.mayAct,
  });

  /** Where Asterisk runs elsewhere its files are looked after there. */
  const recordings =
    config.standbyOf === null
      ? createRecordingStore({
          ...config.recordings,
          nowMs: () => Date.now(),
          schedule,
          log: log.child({ part: 'recordings' }),
        })
      : null;
  if (config.outboundTrunk === null)
    log.info(
      'no trunk for calls of ours (HOTLINE_OUTBOUND_TRUNK): nobody is called back or put through to outside',
    );

  const phones = new Reachability([...centre.agents.keys()], options.onFact);
  const fallbackCalls = new FallbackCalls({
    isAgent: (agent) => centre.agents.has(agent),
    onBusy: (agents) => phones.setBusyElsewhere(agents),
    schedule,
    log: log.child({ part: 'fallback' }),
  });
  const fallbackMembers = new FallbackMembers({
    placesOf: (agent) => staffing.placesOf(agent),
    onDialled: (agent, intent) => options.command({ kind: 'set-agent-state', agent, intent, by: agent }),
    log: log.child({ part: 'fallback' }),
  });
  const staffing = new FallbackStaffing({ centre, port: fallbackMembers, clock, schedule });
  const ami = createAmi({
    port: config.amiPort,
    user: secrets.ami.user,
    password: secrets.ami.password,
    mayAct: options.mayAct,
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
      phonesAreKnown = true;
      void fallbackMembers.up(connection);
    },
    onDown: () => {
      phonesAreKnown = false;
      fallbackCalls.down();
      fallbackMembers.down();
    },
  });

  return {
    telephony,
    checkPhones: createLookAgain({ ami, phones, schedule, log: log.child({ part: 'ami' }) }),
    connected: () => connected,
    /** null while connected. */
    downSince: () => (connected ? null : lostAt),
    /** Resolves when calls are served for the first time, or after this long. */
    async firstUp(withinMs: number): Promise<void> {
      const limit = Promise.withResolvers<void>();
      const cancel = schedule(withinMs, limit.resolve);
      await Promise.race([up, limit.promise]);
      cancel();
    },
    /** Asterisk's queues know of all agents as they are now. */
    staffAll: (world: Pick<World, 'agents' | 'reserves'>) => staffing.staffAll(world),
    /** Asterisk's queues follow what becomes of the agents. */
    staff: (events: readonly HotlineEvent[]) => staffing.follow(events),
    startCalls(): void {
      recordings?.start();
      telephony.start();
    },
    startPhones: () => ami.start(),
    /** Calls go on in Asterisk. */
    async stop(): Promise<void> {
      const stopped = Promise.all([ami.stop(), telephony.stop()]);
      recordings?.stop();
      staffing.stop();
      fallbackCalls.down();
      fallbackMembers.down();
      await stopped;
    },
  };
}
