import type { TFunction } from 'i18next';
import type { HotlineEvent } from '../../services/events/events.ts';
import type { PassTarget } from '../../services/events/passing-on.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { passReason } from '../shared/pass-reason.ts';
import { reasonText } from './reason-text.ts';

export type Names = { queue: (id: string) => string; agent: (id: string) => string };
export type Described = { title: string; detail: string; tone: 'blue' | 'green' | 'red' | 'gray' };

/** One event in words. An event that this page does not know yet is shown by its name rather than left out. */
export function describeEvent(event: HotlineEvent, t: TFunction, names: Names): Described {
  const text = (detail = '', tone: Described['tone'] = 'blue'): Described => ({
    title: t(`event.${event.type}`),
    detail,
    tone,
  });
  switch (event.type) {
    case 'CallArrived':
      return text(
        t('eventDetail.arrived', {
          from: event.callerNumber || t('number.withheld'),
          to: event.dialledNumber,
        }),
      );
    case 'CallPickedUp':
    case 'MusicStarted':
      return text('', 'gray');
    case 'FlowNodeEntered':
      return text(`${event.flow} v${event.flowVersion} · ${event.node}`, 'gray');
    case 'PromptStarted':
      return text(event.prompts.join(', '), 'gray');
    case 'PromptFinished':
      return text(t(`promptResult.${event.result}`), event.result === 'failed' ? 'red' : 'gray');
    case 'DigitPressed':
      return text(`${event.digit} · ${t(`digitResult.${event.result}`)}`, 'gray');
    case 'MenuAttemptFailed':
      return text(`${t(`menuFailure.${event.because}`)} · ${event.attempt}`, 'gray');
    case 'CallerSelfServed':
      return text(event.node, 'green');
    case 'CallQueued':
      return text(t('eventDetail.queued', { queue: names.queue(event.queue), position: event.position }));
    case 'AgentRingRequested':
      return text(`${names.agent(event.agent)} · ${reasonText(event.because, t)}`);
    case 'AgentRingStarted':
      return text(names.agent(event.agent), 'gray');
    case 'AgentRingEnded':
      return text(
        `${names.agent(event.agent)} · ${t(`ringResult.${event.result}`)} · ${clockDuration(event.ringMs)}`,
        event.result === 'answered' ? 'green' : 'red',
      );
    case 'VisitEnded':
      return text(
        `${names.queue(event.queue)} · ${t(`visitOutcome.${event.outcome}`)} · ${t('calls.wait')} ${clockDuration(event.waitMs)}`,
        event.outcome === 'answered' ? 'green' : 'red',
      );
    case 'CallConnected':
      return text(names.agent(event.agent), 'green');
    case 'CallHeld': {
      const { agent, promise } = event;
      if (promise === undefined) return text(names.agent(agent));
      const time = clockDuration(promise.promisedMs);
      return text(
        `${names.agent(agent)} · ${t(`holdReason.${promise.reason}`)} · ${t('hold.promised', { time })}`,
      );
    }
    case 'CallResumed':
      return text(clockDuration(event.heldMs));
    case 'ConversationEnded':
      return text(`${t('calls.talk')} ${clockDuration(event.talkMs)} · ${t(`party.${event.releasedBy}`)}`);
    case 'LegHangUpRequested':
      return text(reasonText(event.because, t), 'gray');
    case 'LegEnded':
      return text(t(`legEnd.${event.reason}`), 'gray');
    case 'CallClosing':
      return text(reasonText(event.because, t), 'gray');
    case 'CallTakenToFallback':
      return text('', 'red');
    case 'CallEnded':
      return text(`${t(`outcome.${event.outcome}`)} · ${t(`party.${event.releaseParty}`)}`);
    case 'WrapUpEnded':
      return text(`${names.agent(event.agent)} · ${clockDuration(event.wrapUpMs)}`);
    case 'AgentStateChanged':
      return text(`${names.agent(event.agent)} · ${t(`state.${event.state}`)}`, 'gray');
    case 'ControllerStarted':
    case 'NodeConnected':
      return text('', 'gray');
    case 'NodeLost':
      return text(event.because, 'red');
    case 'OrderFailed':
      return text(`${event.order} · ${event.reason}`, 'red');
    case 'FlowValuesSet':
      return text(
        Object.entries(event.values)
          .map(([name, value]) => `${name} = ${value}`)
          .join(', '),
        'gray',
      );
    case 'LookupRequested':
      return text(event.lookup, 'gray');
    case 'LookupEnded':
      return text(
        `${event.lookup} · ${t(`lookupResult.${event.result}`)} · ${clockDuration(event.tookMs)}`,
        event.result === 'failed' || event.result === 'timed-out' ? 'red' : 'gray',
      );
    case 'WaitAnnounced':
      return text(
        t('eventDetail.queued', { queue: names.queue(event.queue), position: event.position }),
        'gray',
      );
    case 'SurveyAnswered':
      return text(t('eventDetail.score', { score: event.score }), event.score <= 2 ? 'red' : 'green');
    case 'VoicemailStarted':
      return text(names.queue(event.queue));
    case 'VoicemailEnded':
      return text(
        `${t(`voicemailResult.${event.result}`)} · ${clockDuration(event.durationMs)}`,
        event.result === 'failed' ? 'red' : 'gray',
      );
    case 'CallbackRequested':
      return text(`${names.queue(event.queue)} · ${event.number}`);
    case 'TaskOpened':
      return text(t(`taskKind.${event.kind}`), 'red');
    case 'SwitchChanged':
      return text(`${event.name} · ${t(event.on ? 'switch.on' : 'switch.off')}`);
    case 'OutgoingStarted':
    case 'OutgoingDialled':
      return text(targetName(event.to, names));
    case 'OutgoingConnected':
      return text(clockDuration(event.ringMs), 'green');
    case 'OutgoingEnded':
      return text(
        `${t(`outgoingResult.${event.result}`)} · ${clockDuration(event.talkMs)}`,
        event.result === 'connected' ? 'blue' : 'red',
      );
    case 'CallPassedOn':
      return text(`${targetName(event.to, names)} · ${passReason(event.reason, t)}`);
    case 'TransferKeyAnswered':
      return event.accepted
        ? text(`${event.to} · ${t('pass.keyAccepted')}`)
        : text(`${event.to} · ${t('pass.keyRefused')}: ${event.because}`, 'red');
    case 'PassOnEnded':
      return text(
        t(`passResult.${event.result}`),
        event.result === 'connected' || event.result === 'queued' ? 'green' : 'red',
      );
    case 'CallReturning':
      return text(names.agent(event.to), 'red');
    case 'ConsultRequested':
      return text(`${targetName(event.party, names)} · ${event.reason}`);
    case 'ConsultTurned':
      return text(t(`speaksWith.${event.speaksWith}`), 'gray');
    case 'ConsultEnded':
      return text(
        `${targetName(event.party, names)} · ${t(`consultResult.${event.result}`)}`,
        event.result === 'completed' ? 'green' : 'blue',
      );
    case 'PartyParked':
    case 'PartiesJoined':
      return text('', 'gray');
    case 'TransferRequested':
      return text(event.number);
    case 'TransferConnected':
      return text('', 'green');
    case 'TransferEnded':
      return text(
        `${t(`transferResult.${event.result}`)} · ${clockDuration(event.talkMs)}`,
        event.result === 'connected' ? 'blue' : 'red',
      );
    case 'CallbackStarted':
      return text(`${names.queue(event.queue)} · ${event.attempt}`);
    case 'CustomerCallRequested':
      return text(event.number);
    case 'CallbackAttemptEnded':
      return text(t(`callbackResult.${event.result}`), event.result === 'served' ? 'green' : 'red');
    case 'CallbackEnded':
      return text(t(`callbackEnd.${event.result}`), event.result === 'given-up' ? 'red' : 'green');
    case 'VisitStepReached':
    case 'LastAgentWaitEnded':
      return text(`${names.queue(event.queue)} · ${reasonText(event.because, t)}`);
    case 'ReserveCalledIn':
      return text(`${names.queue(event.queue)} · ${t(event.on ? 'switch.on' : 'switch.off')}`);
    case 'FlowActivated':
      return text(`${event.flow} v${event.version}`);
    default:
      event satisfies never;
      return { title: (event as HotlineEvent).type, detail: '', tone: 'gray' };
  }
}

function targetName(to: PassTarget, names: Names): string {
  switch (to.kind) {
    case 'agent':
      return names.agent(to.agent);
    case 'queue':
      return names.queue(to.queue);
    case 'outside':
      return to.number;
    default:
      return to satisfies never;
  }
}
