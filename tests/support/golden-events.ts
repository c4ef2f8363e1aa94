import type { EventBody, HotlineEvent } from '../../services/events/events.ts';
import {
  type AgentId,
  asId,
  type BridgeId,
  type CallId,
  type EventId,
  type FlowId,
  type HotlineId,
  type LegId,
  type NodeId,
  type NodeName,
  type QueueId,
  type VisitId,
} from '../../services/events/ids.ts';
import { after, type Instant, instant } from '../../services/events/instant.ts';
import type { FlowOutReason, RingResult } from '../../services/events/vocabulary.ts';

/** A call to tell: when it enters the queue and what becomes of it there. Defaults make an answered call of a minute. */
export type Story = {
  call: string;
  queuedAt: Instant;
  queue?: string;
  hotline?: string;
  /** Rings of agents that came to nothing, before the end. */
  missed?: { agent: string; result: Exclude<RingResult, 'answered'>; ringMs: number }[];
  end:
    | {
        kind: 'answered';
        agent: string;
        waitMs: number;
        ringMs: number;
        talkMs: number;
        holdMs?: number;
        wrapUpMs: number;
      }
    | { kind: 'abandoned'; waitMs: number }
    | { kind: 'flow_out'; waitMs: number; reason: FlowOutReason };
};

export const at = (isoTime: string): Instant => instant(Date.parse(isoTime));

/** The events of a story, unnumbered, as the engine would make them. */
export function tell(story: Story): { at: Instant; body: EventBody }[] {
  const callId = asId<CallId>(story.call);
  const legId = asId<LegId>(story.call);
  const visitId = asId<VisitId>(`${story.call}-v1`);
  const queue = asId<QueueId>(story.queue ?? 'power-service');
  const hotline = asId<HotlineId>(story.hotline ?? '95598');
  const { queuedAt, end } = story;
  const arrivedAt = after(queuedAt, -8_000);
  const leftAt = after(queuedAt, end.waitMs);
  const told: { at: Instant; body: EventBody }[] = [];
  const say = (when: Instant, body: EventBody): void => {
    told.push({ at: when, body });
  };

  say(arrivedAt, {
    type: 'CallArrived',
    callId,
    legId,
    nodeId: asId<NodeId>('n1'),
    source: 'trunk',
    callerNumber: '13800138000',
    dialledNumber: hotline,
    hotline,
    sipCallId: `${story.call}@127.0.0.2`,
    agent: null,
  });
  say(arrivedAt, { type: 'CallPickedUp', callId, legId });
  const [flow, node] = [asId<FlowId>(hotline), asId<NodeName>('menu')];
  say(arrivedAt, { type: 'FlowNodeEntered', callId, flow, flowVersion: 1, node });
  say(queuedAt, { type: 'DigitPressed', callId, digit: '0', result: 'accepted' });
  const because = 'caller pressed 0';
  say(queuedAt, {
    type: 'CallQueued',
    callId,
    legId,
    visitId,
    queue,
    hotline,
    priority: 0,
    position: 1,
    waitUntil: after(queuedAt, 600_000),
    because,
  });

  let ringAt = queuedAt;
  const ring = (agent: AgentId, result: RingResult, ringMs: number): void => {
    const agentLeg = asId<LegId>(`${story.call}-${agent}-${ringAt}`);
    say(ringAt, {
      type: 'AgentRingRequested',
      callId,
      visitId,
      queue,
      agent,
      legId: agentLeg,
      bridgeId: asId<BridgeId>(`${story.call}-b`),
      device: 'sip',
      callerLegId: legId,
      callerNumber: '13800138000',
      ringTimeoutMs: 20_000,
      because: 'longest idle of 1',
    });
    ringAt = after(ringAt, ringMs);
    say(ringAt, { type: 'AgentRingEnded', callId, visitId, queue, agent, legId: agentLeg, result, ringMs });
  };
  for (const missed of story.missed ?? []) ring(asId<AgentId>(missed.agent), missed.result, missed.ringMs);

  if (end.kind === 'answered') {
    ringAt = after(leftAt, -end.ringMs);
    ring(asId<AgentId>(end.agent), 'answered', end.ringMs);
  }
  say(leftAt, {
    type: 'VisitEnded',
    callId,
    visitId,
    queue,
    hotline,
    outcome: end.kind,
    flowOutReason: end.kind === 'flow_out' ? end.reason : null,
    queuedAt,
    waitMs: end.waitMs,
    agent: end.kind === 'answered' ? asId<AgentId>(end.agent) : null,
    priority: 0,
  });
  const startedAt = arrivedAt;
  if (end.kind !== 'answered') {
    const [outcome, releaseParty] =
      end.kind === 'abandoned'
        ? (['abandoned_in_queue', 'caller'] as const)
        : (['failed', 'system'] as const);
    say(leftAt, { type: 'CallEnded', callId, hotline, outcome, releaseParty, startedAt });
    return told;
  }

  const agent = asId<AgentId>(end.agent);
  const agentLegId = asId<LegId>(`${story.call}-${agent}`);
  const { waitMs, ringMs, talkMs, wrapUpMs, holdMs = 0 } = end;
  const bridgeId = asId<BridgeId>(`${story.call}-b`);
  say(leftAt, {
    type: 'CallConnected',
    callId,
    visitId,
    queue,
    agent,
    callerLegId: legId,
    agentLegId,
    bridgeId,
    waitMs,
    ringMs,
  });
  const endedAt = after(leftAt, talkMs + holdMs);
  say(endedAt, {
    type: 'ConversationEnded',
    callId,
    visitId,
    queue,
    agent,
    agentLegId,
    talkMs,
    holdMs,
    releasedBy: 'caller',
    cause: 'normal',
  });
  say(endedAt, {
    type: 'CallEnded',
    callId,
    hotline,
    outcome: 'answered',
    releaseParty: 'caller',
    startedAt,
  });
  const handleMs = talkMs + holdMs + wrapUpMs;
  say(after(endedAt, wrapUpMs), {
    type: 'WrapUpEnded',
    callId,
    queue,
    agent,
    handleMs,
    wrapUpMs,
    because: 'time-is-up',
  });
  return told;
}

/** Stories woven together by time and numbered, as one journal. Events of one story keep their order. */
export function journalOf(stories: readonly Story[]): HotlineEvent[] {
  return stories
    .flatMap(tell)
    .sort((a, b) => a.at - b.at)
    .map(({ at: when, body }, i) => ({ ...body, eventId: asId<EventId>(`e${i + 1}`), seq: i + 1, at: when }));
}

/**
 * One call of every kind, told in order: answered in time, answered late after a missed ring, abandoned short, abandoned
 * long, flowed out, and one in the other queue. Counts are worked out by hand in the tests.
 */
export function goldenStories(day: string): Story[] {
  const on = (time: string) => at(`${day}T${time}+08:00`);
  return [
    {
      call: 'n1-1',
      queuedAt: on('09:00:00'),
      end: {
        kind: 'answered',
        agent: '1001',
        waitMs: 4_000,
        ringMs: 3_000,
        talkMs: 60_000,
        holdMs: 5_000,
        wrapUpMs: 10_000,
      },
    },
    {
      call: 'n1-2',
      queuedAt: on('09:01:00'),
      missed: [{ agent: '1002', result: 'no-answer', ringMs: 20_000 }],
      end: {
        kind: 'answered',
        agent: '1003',
        waitMs: 24_000,
        ringMs: 2_000,
        talkMs: 30_000,
        wrapUpMs: 4_000,
      },
    },
    { call: 'n1-3', queuedAt: on('09:02:00'), end: { kind: 'abandoned', waitMs: 2_000 } },
    { call: 'n1-4', queuedAt: on('09:03:00'), end: { kind: 'abandoned', waitMs: 40_000 } },
    {
      call: 'n1-5',
      queuedAt: on('09:04:00'),
      end: { kind: 'flow_out', waitMs: 600_000, reason: 'max-wait' },
    },
    {
      call: 'n1-6',
      queuedAt: on('09:05:00'),
      queue: 'telecom-service',
      hotline: '10050',
      end: {
        kind: 'answered',
        agent: '1004',
        waitMs: 15_000,
        ringMs: 5_000,
        talkMs: 100_000,
        wrapUpMs: 10_000,
      },
    },
  ];
}
