import type { TFunction } from 'i18next';
import type {
  EndingExplainedView,
  RingExplainedView,
  WaitSpanView,
} from '../../services/adapters/http/contract/why.ts';
import type { OutgoingEnded } from '../../services/events/outgoing.ts';
import { agentStates, type LegEndReason } from '../../services/events/vocabulary.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { noValue } from '../shared/format/numbers.ts';
import type { Names } from './describe-event.ts';
import { reasonText } from './reason-text.ts';

/** What the time of a span went by with, such as "everybody who could take it was busy: On call 3, Wrap-up 1". */
export function waitSpanText(span: WaitSpanView, t: TFunction, names: Names): string {
  switch (span.code) {
    case 'all-busy':
    case 'nobody-at-work':
    case 'others-first': {
      const { staff } = span;
      const more = agentStates
        .filter((state) => (staff[state] ?? 0) > 0)
        .map((state) => t('whyCall.staff', { state: t(`state.${state}`), count: staff[state] ?? 0 }))
        .join(t('whyCall.comma'));
      const what = t(`whyWait.${span.code}`);
      return more === '' ? what : t('whyCall.detail', { what, more });
    }
    case 'waits-for-last-agent':
      return t('whyWait.waits-for-last-agent', { agent: names.agent(span.agent) });
    case 'not-rung':
      return t('whyWait.not-rung');
    case 'rung': {
      const agents = span.agents.map(names.agent).join(t('whyCall.comma'));
      return span.result === null
        ? t('whyWait.ringing', { agents })
        : t('whyWait.rung', { agents, result: t(`ringResult.${span.result}`) });
    }
    default:
      return span satisfies never;
  }
}

/** Who else might have been rung. */
export function alsoFreeText({ alsoFree }: RingExplainedView, t: TFunction, names: Names): string {
  if (alsoFree === null) return '';
  if (alsoFree.length === 0) return t('whyCall.noneFree');
  return t('whyCall.alsoFree', { agents: alsoFree.map(names.agent).join(t('whyCall.comma')) });
}

export function endingText(ending: EndingExplainedView, t: TFunction, names: Names): string {
  switch (ending.code) {
    case 'caller-left-talk':
      return t('whyEnd.caller-left-talk', { agent: names.agent(ending.agent) });
    case 'agent-hung-up':
      return t('whyEnd.agent-hung-up', { agent: ending.agent === null ? '' : names.agent(ending.agent) });
    case 'line-lost':
      return t('whyEnd.line-lost', {
        agent: names.agent(ending.agent),
        cause: t(`legEnd.${ending.cause as LegEndReason}`),
      });
    case 'caller-left-wait':
      return t('whyEnd.caller-left-wait', {
        queue: names.queue(ending.queue),
        time: clockDuration(ending.waitMs),
      });
    case 'caller-left-ring':
      return t('whyEnd.caller-left-ring', {
        queue: names.queue(ending.queue),
        time: clockDuration(ending.waitMs),
        agent: names.agent(ending.agent),
      });
    case 'caller-left-menu':
      return t('whyEnd.caller-left-menu', { node: ending.node ?? noValue });
    case 'caller-left-end':
    case 'we-ended':
      return t(`whyEnd.${ending.code}`, { because: reasonText(ending.because, t) });
    case 'caller-left-passed-on':
      return t('whyEnd.caller-left-passed-on', { agent: names.agent(ending.by) });
    case 'outgoing-ended':
      return t('whyEnd.outgoing-ended', {
        agent: names.agent(ending.agent),
        result: t(`outgoingResult.${ending.result as OutgoingEnded['result']}`),
      });
    case 'outside-talk-ended':
    case 'taken-to-fallback':
      return t(`whyEnd.${ending.code}`);
    default:
      return ending satisfies never;
  }
}
