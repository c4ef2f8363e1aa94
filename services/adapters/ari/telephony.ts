import type { LegId, NodeId, PlaybackId, RecordingId } from '../../events/ids.ts';
import type { Instant } from '../../events/instant.ts';
import type { FactSink, TelephonyFact, TelephonyPort } from '../../runtime/telephony-port.ts';
import { type AriClient, createAriClient, type OnRequest } from './client.ts';
import { handleEvent, wantedEvents } from './events.ts';
import { Legs } from './legs.ts';
import type { Log } from './log.ts';
import { dropBridge, type Node } from './node.ts';
import { OrderQueue } from './order-queue.ts';
import { carryOut, legOf, legsOf } from './orders.ts';
import {
  adopt,
  endMissing,
  type Inventory,
  liveLegs,
  missingLegs,
  stillPlaying,
  takeInventory,
} from './reconcile.ts';
import { type FoundRecordings, findRecordings, takeUpRecordings } from './recording.ts';
import { createEventSocket } from './socket.ts';
import { startedAt } from './started-at.ts';

export type AriTelephonyOptions = {
  /** `http://host:port` of Asterisk. */
  url: string;
  user: string;
  password: string;
  /** The Stasis application; as in the dialplan. */
  app?: string;
  nodeId: NodeId;
  /** Where prompts are: `<soundsDir>/<language>/<prompt>.wav`; absolute, or below Asterisk's own sounds folder. */
  soundsDir: string;
  sink: FactSink;
  log: Log;
  /**
   * Whether the controller has this leg in an open call. Asked when the connection comes up: living legs that nobody
   * knows are told as `arrived` (callers) or ended (agents' phones). Default: those this adapter has told of.
   */
  knows?: (legId: LegId) => boolean;
  /** What the controller believes is being played to this leg. Default: what this adapter was last told to play. */
  playbackOf?: (legId: LegId) => PlaybackId | null;
  /** What the controller believes is being recorded of this leg. Default: what this adapter was last told to record. */
  recordingOf?: (legId: LegId) => RecordingId | null;
  /** Whether there is room for one more recording; asked before each. */
  mayRecord?: () => boolean;
  /** Whether there is a trunk for calls of ours; without one `dial-out` fails as refused. */
  dialsOut?: boolean;
  onRequest?: OnRequest;
  /** Whether this controller may act; asked before each request that changes something. */
  mayAct?: () => true | Promise<boolean>;
  /** An agent's INVITE is on its way. */
  onAgentInvite?: (legId: LegId, atEpochMs: number) => void;
  /** Another controller took the application; this one does nothing any more. */
  onReplaced?: () => void;
  /** A frame on the event socket was no event we know. */
  onStrangeFrame?: (what: 'unparsable' | 'unknown-type' | 'malformed') => void;
  requestTimeoutMs?: number;
  pingEveryMs?: number;
  sweepEveryMs?: number;
};

/**
 * Asterisk through ARI as a {@link TelephonyPort}. Besides the port's own promises:
 * - `ring-agent` and `dial-out` end in exactly one of `leg-ended` and `order-failed` for their leg;
 * - a hang-up is tried until the leg is gone; it fails only with `unavailable`, when the node is down;
 * - `leg-answered` comes once per `answer`, also for a leg that was up; `stop-playback` always brings a `playback-finished`,
 *   and `stop-recording` a `recording-finished`;
 * - an order given while the node is down fails at once with `unavailable`;
 * - a leg that ends while the node is down gets no `leg-ended`: it is missing from the next `node-up`;
 * - `arrived` may follow `node-up` for legs in its list that nobody knew.
 */
export interface AriTelephony extends TelephonyPort {
  /** Requests outside the port (accounts). */
  readonly client: AriClient;
  start(): void;
  /** Closes the connection; calls go on in Asterisk. Tells nothing any more. */
  stop(): Promise<void>;
}

export function createAriTelephony(options: AriTelephonyOptions): AriTelephony {
  const { url, user, password, nodeId, log } = options;
  const app = options.app ?? 'hotline';
  const client = createAriClient({
    url,
    user,
    password,
    timeoutMs: options.requestTimeoutMs ?? 5_000,
    onRequest: (operation, seconds, outcome) => {
      if (outcome === 'ok' || outcome === 'refused') socket.answered();
      options.onRequest?.(operation, seconds, outcome);
    },
    ...(options.mayAct ? { mayAct: options.mayAct } : {}),
  });
  let stopped = false;
  const node: Node = {
    nodeId,
    app,
    client,
    legs: new Legs(),
    queue: new OrderQueue(),
    log,
    connected: false,
    heardAtMs: performance.now(),
    tell: (fact) => {
      if (!stopped) tellSafely(options.sink, fact, log);
    },
    media: (prompt, language) => `sound:${options.soundsDir}/${language}/${prompt}`,
    onAgentInvite: options.onAgentInvite ?? (() => undefined),
    mayRecord: options.mayRecord ?? (() => true),
    dialsOut: options.dialsOut ?? false,
  };
  const playbackOf =
    options.playbackOf ?? ((legId) => [...(node.legs.get(legId)?.playbacks.keys() ?? [])].at(-1) ?? null);
  const recordingOf =
    options.recordingOf ?? ((legId) => [...(node.legs.get(legId)?.recordings ?? [])].at(-1) ?? null);
  const knows = options.knows ?? ((legId) => node.legs.get(legId) !== undefined);
  let sweeping: NodeJS.Timeout | undefined;
  let asking = false;
  /** Asterisk's description of its API has been read, which takes a while and has a time-out of its own. */
  let described = false;

  const bringUp = ({ inventory, playing, recordings, asteriskStartedAt, connectedAtMs }: Found) => {
    // Their end is in the list's silence; telling it as well would tell it twice.
    for (const leg of missingLegs(node, inventory)) {
      node.legs.remove(leg);
      dropBridge(node, leg);
    }
    node.connected = true;
    // Asked before the controller hears of the node: hearing of it, it may forget or begin legs.
    const known = new Set([...inventory.channels.keys()].filter(knows));
    node.tell({
      kind: 'node-up',
      nodeId,
      liveLegs: liveLegs(node, inventory),
      playing: [...playing.values()],
      startedAt: asteriskStartedAt,
    });
    adopt(node, inventory, { knows: (legId) => known.has(legId), afterGap: true });
    for (const [legId, playbackId] of playing) node.legs.get(legId)?.playbacks.set(playbackId, true);
    takeUpRecordings(node, recordings);
    sweeping = setInterval(() => sweep(node), options.sweepEveryMs ?? 30_000);
    // By then the controller has given its orders.
    setImmediate(() => void tellTakenOver(node, inventory, connectedAtMs));
  };

  const socket = createEventSocket({
    url,
    user,
    password,
    app,
    log,
    resync: async () => {
      const connectedAtMs = performance.now();
      await client.load();
      described = true;
      // Forgotten by Asterisk when it restarts, so asked for at each connection.
      const filter = { allowed: wantedEvents.map((type) => ({ type })) };
      await client.call('applications.filter', { applicationName: app, filter });
      const asteriskStartedAt = await startedAt(client, log);
      const inventory = await takeInventory(node);
      const playing = await stillPlaying(node, inventory, playbackOf);
      const recordings = await findRecordings(node, inventory, recordingOf);
      return () => bringUp({ inventory, playing, recordings, asteriskStartedAt, connectedAtMs });
    },
    onEvent: (event) => {
      node.heardAtMs = performance.now();
      handleEvent(node, event);
    },
    askForLife: () => {
      if (!described) return socket.answered();
      if (asking) return;
      asking = true;
      // No answer is what the heartbeat waits to hear; it says so itself.
      const done = () => {
        asking = false;
      };
      client.call('asterisk.ping', {}).then(done, done);
    },
    onDown: (because, silentMs) => {
      node.connected = false;
      clearInterval(sweeping);
      node.tell({ kind: 'node-down', nodeId, because, silentMs });
    },
    onReplaced: () => {
      log.error({ app }, 'another controller has taken over the application; this one stops acting');
      options.onReplaced?.();
    },
    onStrangeFrame: (what) => options.onStrangeFrame?.(what),
    ...(options.pingEveryMs === undefined ? {} : { pingEveryMs: options.pingEveryMs }),
  });

  return {
    client,
    start: () => socket.start(),
    async stop() {
      stopped = true;
      clearInterval(sweeping);
      node.connected = false;
      await socket.stop();
      await client.close();
    },
    perform(order) {
      if (!node.connected) {
        queueMicrotask(() =>
          node.tell({
            kind: 'order-failed',
            order: order.kind,
            legId: legOf(order),
            playbackId: 'playbackId' in order ? order.playbackId : null,
            reason: 'unavailable',
            detail: `node ${nodeId} is not connected`,
          }),
        );
        return;
      }
      if (order.kind === 'hang-up') {
        // What still stands in front of the hang-up is not begun any more.
        const leg = node.legs.get(order.legId);
        if (leg && !leg.astray) leg.doomed = true;
      }
      void node.queue.run(legsOf(order), () => carryOut(node, order));
    },
  };
}

/** What a new connection finds. */
type Found = {
  inventory: Inventory;
  playing: ReadonlyMap<LegId, PlaybackId>;
  recordings: FoundRecordings;
  asteriskStartedAt: Instant | null;
  connectedAtMs: number;
};

/** Says how long it took until every leg was ours again and all that was due had been done for it. */
async function tellTakenOver(node: Node, { channels }: Inventory, connectedAtMs: number): Promise<void> {
  await node.queue.settled();
  const ms = Math.round(performance.now() - connectedAtMs);
  node.log.info({ legs: channels.size, ms }, 'its calls are ours again');
}

/** Compares notes with Asterisk, in case an event was lost. */
function sweep(node: Node): void {
  takeInventory(node).then(
    (inventory) => {
      if (!node.connected) return;
      endMissing(node, inventory);
      adopt(node, inventory, { knows: () => false, afterGap: false });
    },
    (error: unknown) => node.log.warn({ err: error }, 'sweep not done'),
  );
}

function tellSafely(sink: FactSink, fact: TelephonyFact, log: Log): void {
  try {
    sink(fact);
  } catch (error) {
    log.error({ err: error, fact: fact.kind }, 'the controller failed on a fact');
  }
}
