import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCallView, LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { whole } from '../shared/format/numbers.ts';
import type { TextKey } from '../shared/i18n.ts';
import { KpiFigures } from './kpi-figure.tsx';

/** All queues together: what today brought, and where the calls are now. */
export function TodayStrip(props: {
  overall: LiveSnapshot['overall'];
  calls: LiveCallView[];
  today: string;
}): ReactNode {
  const { overall, calls, today } = props;
  const { t } = useTranslation();
  const stages = useMemo(() => countStages(calls), [calls]);
  const counts = overall.countsToday;
  return (
    <section className="panel today" aria-label={t('today.title', { date: today })}>
      <dl className="today-group">
        <Figure label="today.offered" value={counts.offered} />
        <Figure label="today.answered" value={counts.answered} />
        <Figure label="today.abandoned" value={counts.abandoned} />
        <Figure label="today.flowOut" value={counts.flowOut} />
      </dl>
      <dl className="today-group">
        <Figure label="today.nowIvr" value={stages.ivr} />
        <Figure label="today.nowWaiting" value={overall.waiting} />
        <Figure label="today.nowTalking" value={stages.talking} />
      </dl>
      <KpiFigures kpis={overall.kpis} className="today-group" />
    </section>
  );
}

function Figure({ label, value }: { label: TextKey; value: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="figure">
      <dt>{t(label)}</dt>
      <dd className="num">{whole(value)}</dd>
    </div>
  );
}

function countStages(calls: readonly LiveCallView[]): { ivr: number; talking: number } {
  let ivr = 0;
  let talking = 0;
  for (const { stage } of calls) {
    if (stage === 'arriving' || stage === 'ivr') ivr += 1;
    if (stage === 'talking') talking += 1;
  }
  return { ivr, talking };
}
