import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveQueueView } from '../../../services/adapters/http/contract/live.ts';
import { clockDuration } from '../../shared/format/duration.ts';
import { currentLanguage } from '../../shared/i18n.ts';

/** The queues, with who waits there and how long it is going to take. */
export function QueueChoice(props: {
  queues: readonly LiveQueueView[];
  chosen: string | null;
  onChoose: (queue: string) => void;
}): ReactNode {
  const { queues, chosen, onChoose } = props;
  const { t } = useTranslation();
  const language = currentLanguage();
  return (
    <fieldset className="pass-list">
      <legend className="visually-hidden">{t('pass.kind.queue')}</legend>
      {queues.map((one) => (
        <label key={one.queue} className="pass-one" data-queue-choice={one.queue}>
          <input
            type="radio"
            name="queue"
            checked={chosen === one.queue}
            onChange={() => onChoose(one.queue)}
          />
          <b>{one.name[language]}</b>
          <span className="pass-state num">
            {t('pass.queueNow', { waiting: one.waiting, free: one.agents.available })}
            {one.expectedWaitMs !== null &&
              ` · ${t('pass.expected', { time: clockDuration(one.expectedWaitMs) })}`}
            {one.waiting > 0 && ` · ${t('pass.longest', { time: clockDuration(one.longestWaitMs) })}`}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
