import { evolveAgent, newAgent } from '../agents/agent.ts';
import type { AgentStateChanged, HotlineEvent, Recorded } from '../events/events.ts';
import type { CallId, LegId } from '../events/ids.ts';
import { after, elapsedMs, type Instant } from '../events/instant.ts';
import { join, leaveLine, markRung } from '../queueing/queue.ts';
import { type Call, type Ring, ringsOf, type Stage } from './call.ts';
import { evolveOutbound } from './evolve-outbound.ts';
import { evolveOutgoing } from './evolve-outgoing.ts';
import { evolvePassingOn, ringDirectly, ringDirectlyEnded } from './evolve-passing-on.ts';
import { evolveRouting, helps, routedAs, visitOver } from './evolve-routing.ts';
import { evolveSelfService } from './evolve-self-service.ts';
import { limitsMs, type TimerKind, timerId } from './timers.ts';
import type { NodeLink, World } from './world.ts';

/** Folds one event into the world. Deterministic; the only place that changes it. */
export function evolve(world: World, event: HotlineEvent): void {
  const set = (kind: TimerKind, subject: string, ms: number) =>
    world.timers.set(timerId(kind, subject), after(event.at, ms));
  const clear = (kind: TimerKind, subject: string) => world.timers.delete(timerId(kind, subject));
  const update = (id: CallId, change: Partial<Call>) => {
    const call = world.calls.get(id);
    if (call) world.calls.set(id, { ...call, ...change });
  };
  const enterStage = (id: CallId, stage: Stage) => update(id, { stage, stageSince: event.at });

  switch (event.type) {
    case 'CallArrived':
      world.calls.set(event.callId, arrived(event));
      set('longest-call', event.callId, limitsMs.longestCall);
      // The customer's leg begins when the customer is called.
      if (event.source === 'callback' || event.fromDesk) return;
      world.legs.set(event.legId, {
        id: event.legId,
        callId: event.callId,
        nodeId: event.nodeId,
        role: 'caller',
        hangUpAttempts: 0,
      });
      set('pick-up', event.legId, limitsMs.pickUp);
      set('longest-call', event.callId, limitsMs.longestCall);
      return;
    case 'CallPickedUp':
      clear('pick-up', event.legId);
      clear('ring', event.legId);
      return;
    case 'FlowNodeEntered':
      clear('listen', event.callId);
      update(event.callId, {
        flow: { id: event.flow, version: event.flowVersion },
        flowVersions: { ...world.calls.get(event.callId)?.flowVersions, [event.flow]: event.flowVersion },
        node: event.node,
        attempts: 0,
        digits: '',
        lookup: null,
        ...(event.trail && { trail: event.trail }),
      });
      if (world.calls.get(event.callId)?.stage.kind !== 'ivr') enterStage(event.callId, { kind: 'ivr' });
      return;
    case 'PromptStarted':
      clear('listen', event.callId);
      update(event.callId, { playback: event.playbackId });
      set('playback', event.callId, limitsMs.playback);
      return;
    case 'PromptFinished':
      clear('playback', event.callId);
      if (world.calls.get(event.callId)?.playback === event.playbackId)
        update(event.callId, { playback: null });
      if (event.result === 'interrupted')
        update(event.callId, { cutShort: { playbackId: event.playbackId, at: event.at } });
      if (event.listenUntil !== null) world.timers.set(timerId('listen', event.callId), event.listenUntil);
      return;
    case 'DigitPressed':
      if (event.result !== 'ignored') clear('listen', event.callId);
      if (event.entry !== undefined) update(event.callId, { digits: event.entry });
      if (event.listenUntil !== undefined)
        world.timers.set(timerId('listen', event.callId), event.listenUntil);
      return;
    case 'MenuAttemptFailed':
      clear('listen', event.callId);
      update(event.callId, { attempts: event.attempt, digits: '' });
      return;
    case 'CallerSelfServed':
      update(event.callId, { selfServed: true });
      return;
    case 'CallQueued': {
      const { visitId, callId, legId, queue, hotline, priority } = event;
      world.lines.set(
        queue,
        join(world.lines.get(queue) ?? [], {
          visitId,
          callId,
          legId,
          queue,
          hotline,
          priority,
          queuedAt: event.placeSince ?? event.queuedAt ?? event.at,
          ...(event.placeSince !== undefined && { joinedAt: event.at }),
          skills: event.skills ?? [],
          beingRung: false,
          ...routedAs(world, event),
          ...(event.callback !== undefined && { callback: event.callback }),
        }),
      );
      enterStage(callId, { kind: 'waiting', visitId, queue, ring: null });
      update(callId, { releasedBy: null });
      if (event.announceAt !== undefined)
        world.timers.set(timerId('wait-announcement', callId), event.announceAt);
      world.timers.set(timerId('max-wait', visitId), event.waitUntil);
      return;
    }
    case 'AgentRingRequested': {
      const { agent, device, legId, bridgeId, visitId, queue, callId } = event;
      const nodeId = world.calls.get(callId)?.nodeId;
      if (nodeId !== undefined)
        world.legs.set(legId, { id: legId, callId, nodeId, role: 'agent', agent, hangUpAttempts: 0 });
      set('ring', legId, event.ringTimeoutMs + limitsMs.ringGrace);
      if (event.direct !== undefined) return ringDirectly(world, event);
      const ring = { agent, device, legId, bridgeId, requestedAt: event.at };
      const before = world.calls.get(callId)?.stage;
      if (before?.kind === 'waiting' && before.ring)
        update(callId, { stage: { ...before, alsoRings: [...(before.alsoRings ?? []), ring] } });
      else enterStage(callId, { kind: 'waiting', visitId, queue, ring });
      world.lines.set(queue, markRung(world.lines.get(queue) ?? [], visitId, true));
      return;
    }
    case 'AgentRingEnded': {
      clear('ring', event.legId);
      if (event.direct !== undefined) return ringDirectlyEnded(world, event);
      const stage = world.calls.get(event.callId)?.stage;
      const left = stage ? ringsOf(stage).filter(({ legId }) => legId !== event.legId) : [];
      if (stage?.kind === 'waiting' && left.length < ringsOf(stage).length) {
        const { alsoRings: _, ...waiting } = stage;
        const [ring = null, ...others] = left;
        const now = { ...waiting, ring, ...(others.length > 0 && { alsoRings: others }) };
        if (ring === null) enterStage(event.callId, now);
        else update(event.callId, { stage: now });
      }
      const line = world.lines.get(event.queue) ?? [];
      world.lines.set(event.queue, markRung(line, event.visitId, left.length > 0));
      return;
    }
    case 'VisitEnded': {
      const line = world.lines.get(event.queue) ?? [];
      const place = line.find((one) => one.visitId === event.visitId);
      const skills = place?.skills ?? [];
      clear('max-wait', event.visitId);
      clear('wait-announcement', event.callId);
      visitOver(world, event);
      world.lines.set(event.queue, leaveLine(line, event.visitId));
      if (event.outcome === 'flow_out' && event.flowOutReason !== 'caller-chose')
        update(event.callId, { flowedOut: true });
      if (event.outcome === 'flow_out') {
        const { visitId, queue, queuedAt, priority } = event;
        const placeSince = place?.queuedAt ?? queuedAt;
        update(event.callId, { leftQueue: { visitId, queue, queuedAt, placeSince, priority, skills } });
      }
      if (event.outcome === 'answered') {
        const { visitId, queue, queuedAt, priority } = event;
        const placeSince = place?.queuedAt ?? queuedAt;
        update(event.callId, { served: { visitId, queue, queuedAt, placeSince, priority, skills } });
      }
      return;
    }
    case 'CallConnected': {
      helps(world, event);
      const { visitId, queue, agent, agentLegId, bridgeId } = event;
      if (event.direct === 'consulted') {
        const consult = world.calls.get(event.callId)?.consult;
        if (consult) update(event.callId, { consult: { ...consult, answeredAt: event.at } });
        return;
      }
      enterStage(event.callId, {
        kind: 'talking',
        visitId,
        queue,
        agent,
        agentLegId,
        bridgeId,
        since: event.at,
        heldSince: null,
        holdMs: 0,
      });
      update(event.callId, {
        everAnswered: true,
        releasedBy: null,
        lastQueue: queue,
        lastAgent: agent,
        // There is no way back to before the conversation.
        trail: [],
      });
      return;
    }
    case 'CallHeld':
    case 'CallResumed': {
      const stage = world.calls.get(event.callId)?.stage;
      if (stage?.kind !== 'talking') return;
      const heldMs = stage.heldSince === null ? 0 : elapsedMs(stage.heldSince, event.at);
      const { heldByPhone: _byPhone, holdPromise: _promise, ...talking } = stage;
      update(event.callId, {
        stage: {
          ...talking,
          ...(event.type === 'CallHeld' && event.by === 'phone' && { heldByPhone: true }),
          ...(event.type === 'CallHeld' && event.promise && { holdPromise: event.promise }),
          heldSince: event.type === 'CallHeld' ? event.at : null,
          holdMs: stage.holdMs + (event.type === 'CallResumed' ? heldMs : 0),
        },
      });
      return;
    }
    case 'ConversationEnded': {
      const stage = world.calls.get(event.callId)?.stage;
      // Of somebody who was asked for advice, or who has left the caller with them: the caller's own goes on.
      if (stage?.kind !== 'talking' || stage.agentLegId !== event.agentLegId) return;
      enterStage(event.callId, { kind: 'closing' });
      update(event.callId, { releasedBy: event.releasedBy });
      return;
    }
    case 'CallClosing':
      enterStage(event.callId, { kind: 'closing' });
      update(event.callId, { closingAs: event.outcome });
      return;
    case 'LegHangUpRequested': {
      const leg = world.legs.get(event.legId);
      if (leg)
        world.legs.set(leg.id, {
          ...leg,
          hangUpAttempts: leg.hangUpAttempts + 1,
          ...(event.by === 'agent' && { letGo: true }),
        });
      set('hang-up', event.legId, limitsMs.hangUp);
      return;
    }
    case 'LegEnded':
      forgetLeg(world, event.legId);
      removeIfOver(world, event.callId);
      return;
    case 'CallTakenToFallback':
    case 'CallEnded':
      if (event.type === 'CallTakenToFallback') forgetLeg(world, event.legId);
      update(event.callId, { callerGone: true });
      for (const kind of [
        'playback',
        'listen',
        'lookup',
        'wait-announcement',
        'recording',
        'longest-call',
      ] as const)
        clear(kind, event.callId);
      removeIfOver(world, event.callId);
      return;
    case 'AgentStateChanged':
      agentChanged(world, event);
      return;
    case 'NodeConnected':
      world.nodes.set(event.nodeId, connectedAgain(world.nodes.get(event.nodeId)?.lostAt, event.at));
      clear('node-away', event.nodeId);
      return;
    case 'NodeLost':
      world.nodes.set(event.nodeId, { connected: false, lostAt: event.at });
      set('node-away', event.nodeId, limitsMs.nodeInDoubt);
      return;
    case 'ControllerStarted':
      // No node is connected until it reports; since when one is lost already stays known.
      for (const [id, { connected, lostAt = null }] of world.nodes)
        world.nodes.set(id, { connected: false, lostAt: connected ? null : lostAt });
      return;
    case 'AgentRingStarted': {
      const stage = world.calls.get(event.callId)?.stage;
      const heard = (ring: Ring): Ring => (ring.legId === event.legId ? { ...ring, rings: true } : ring);
      if (stage?.kind === 'waiting' && stage.ring) {
        const alsoRings = stage.alsoRings?.map(heard);
        update(event.callId, {
          stage: { ...stage, ring: heard(stage.ring), ...(alsoRings && { alsoRings }) },
        });
      }
      if (stage?.kind === 'passing' && stage.ring)
        update(event.callId, { stage: { ...stage, ring: heard(stage.ring) } });
      const consult = world.calls.get(event.callId)?.consult;
      if (consult?.legId === event.legId) update(event.callId, { consult: { ...consult, rings: true } });
      return;
    }
    case 'WrapUpEnded':
      if (event.queue === null) return;
      world.handleTimes.set(
        event.queue,
        [...(world.handleTimes.get(event.queue) ?? []), event.handleMs].slice(-keptHandleTimes),
      );
      return;
    case 'FlowValuesSet':
    case 'LookupRequested':
    case 'LookupEnded':
    case 'WaitAnnounced':
    case 'SurveyAnswered':
    case 'VoicemailStarted':
    case 'VoicemailEnded':
    case 'CallbackRequested':
    case 'TaskOpened':
    case 'SwitchChanged':
    case 'FlowActivated':
      return evolveSelfService(world, event);
    case 'TransferRequested':
    case 'TransferConnected':
    case 'TransferEnded':
    case 'CallbackStarted':
    case 'CustomerCallRequested':
    case 'CallbackAttemptEnded':
    case 'CallbackEnded':
      return evolveOutbound(world, event);
    case 'OutgoingStarted':
    case 'OutgoingDialled':
    case 'OutgoingConnected':
    case 'OutgoingEnded':
      return evolveOutgoing(world, event);
    case 'VisitStepReached':
    case 'LastAgentWaitEnded':
    case 'ReserveCalledIn':
      return evolveRouting(world, event);
    case 'CallPassedOn':
    case 'PassOnEnded':
    case 'CallReturning':
    case 'ConsultRequested':
    case 'ConsultTurned':
    case 'ConsultEnded':
    case 'PartyParked':
    case 'PartiesJoined':
    case 'TransferKeyAnswered':
      return evolvePassingOn(world, event);
    case 'MusicStarted':
    case 'OrderFailed':
      return;
    default:
      event satisfies never;
  }
}

/** As many of a queue's conversations as its expected wait is reckoned from. */
const keptHandleTimes = 20;

const connectedAgain = (lostAt: Instant | null | undefined, at: Instant): NodeLink =>
  lostAt == null ? { connected: true } : { connected: true, lostAt, backAt: at };

function arrived(event: Extract<HotlineEvent, { type: 'CallArrived' }>): Call {
  return {
    id: event.callId,
    legId: event.legId,
    nodeId: event.nodeId,
    source: event.source,
    callerNumber: event.callerNumber,
    dialledNumber: event.dialledNumber,
    hotline: event.hotline,
    sipCallId: event.sipCallId,
    dialledBy: event.agent,
    startedAt: event.at,
    stage: { kind: 'arriving' },
    stageSince: event.at,
    flow: null,
    node: null,
    attempts: 0,
    flowVersions: {},
    trail: [],
    digits: '',
    values: {},
    lookup: null,
    recording: null,
    transfer: null,
    callback: null,
    leftQueue: null,
    surveyed: false,
    lastQueue: null,
    lastAgent: null,
    playback: null,
    everAnswered: false,
    selfServed: false,
    flowedOut: false,
    releasedBy: null,
    closingAs: null,
    callerGone: false,
  };
}

function agentChanged(world: World, event: Recorded<AgentStateChanged>): void {
  const agent = world.agents.get(event.agent) ?? newAgent(event.agent, event.at);
  world.agents.set(event.agent, evolveAgent(agent, event));
  const wrapUp = timerId('wrap-up', event.agent);
  if (event.work.kind === 'wrapping-up') world.timers.set(wrapUp, event.work.until);
  else world.timers.delete(wrapUp);
}

function forgetLeg(world: World, legId: LegId): void {
  for (const kind of ['pick-up', 'ring', 'hang-up'] as const) world.timers.delete(timerId(kind, legId));
  world.legs.delete(legId);
}

/** A call is forgotten when its caller and all its legs are gone; its record lives on in the events. */
function removeIfOver(world: World, callId: CallId): void {
  if (!world.calls.get(callId)?.callerGone) return;
  for (const leg of world.legs.values()) if (leg.callId === callId) return;
  world.calls.delete(callId);
}
