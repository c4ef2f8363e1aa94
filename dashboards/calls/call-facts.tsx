import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRow } from '../../services/adapters/http/contract/calls.ts';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { noValue } from '../shared/format/numbers.ts';
import { dateTime } from '../shared/format/time.ts';
import { currentLanguage, type TextKey } from '../shared/i18n.ts';
import { serverNow } from '../shared/live/clock.ts';
import { OutcomeTag } from './outcome-tag.tsx';

/** The record of a call, as a list of names and values. */
export function CallFacts({ call, snapshot }: { call: CallRow; snapshot: LiveSnapshot | null }): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const now = serverNow();
  const agent = snapshot?.agents.find((each) => each.agent === call.agent);
  const facts: [TextKey, ReactNode][] = [
    ['calls.outcome', <OutcomeTag key="outcome" call={call} />],
    ['calls.number', call.callerNumber === '' ? t('number.withheld') : call.callerNumber],
    [
      'calls.hotline',
      snapshot?.hotlines.find((h) => h.hotline === call.hotline)?.name[language] ?? call.dialledNumber,
    ],
    [
      'calls.queue',
      snapshot?.queues.find((q) => q.queue === call.queue)?.name[language] ?? call.queue ?? noValue,
    ],
    ['calls.agent', call.agent === null ? noValue : `${agent?.name ?? ''} ${call.agent}`],
    ['calls.startedAt', dateTime(call.startedAt, now)],
    ['calls.endedAt', call.endedAt === null ? t('calls.lasting') : dateTime(call.endedAt, now)],
    ['calls.releaseParty', call.releaseParty === null ? noValue : t(`party.${call.releaseParty}`)],
    ['calls.wait', clockDuration(call.waitMs)],
    ['calls.ring', clockDuration(call.ringMs)],
    ['calls.talk', clockDuration(call.talkMs)],
    ['calls.hold', clockDuration(call.holdMs)],
    ['calls.wrapUp', call.wrapUpMs === null ? noValue : clockDuration(call.wrapUpMs)],
    [
      'calls.surveyScore',
      call.surveyScore === null ? noValue : t('calls.scoreOf', { score: call.surveyScore }),
    ],
    ['calls.callId', <code key="id">{call.callId}</code>],
  ];
  return (
    <dl className="call-facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{t(label)}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
