import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveQueueView } from '../../services/adapters/http/contract/live.ts';
import type { AgentStateName } from '../../services/events/vocabulary.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { whole } from '../shared/format/numbers.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { Elapsed } from '../shared/live/ticking.tsx';
import { KpiFigures } from './kpi-figure.tsx';
import { ReserveSwitch } from './reserve-switch.tsx';
import { waitLevel } from './wait-level.ts';

const shownStates = [
  ['available'],
  ['ringing'],
  ['on-call', 'on-hold'],
  ['wrapping-up'],
  ['not-ready'],
  ['unreachable'],
] as const satisfies AgentStateName[][];

/** One queue now. `at` is when the snapshot was made: the longest wait counts on from there. */
export function QueueCard({ queue, at }: { queue: LiveQueueView; at: number }): ReactNode {
  const { t } = useTranslation();
  const threshold = queue.serviceLevelThresholdMs;
  const noOneToAnswer = queue.waiting > 0 && queue.agents.available + queue.agents.ringing === 0;
  return (
    <section className="panel queue" aria-label={queue.name[currentLanguage()]} data-queue={queue.queue}>
      <h2 className="panel-title">
        <span>{queue.name[currentLanguage()]}</span>
        <small className="num">{t('queue.target', { seconds: threshold / 1000 })}</small>
      </h2>
      <div className="queue-now">
        <div className="queue-big">
          <span className="queue-label">{t('queue.waiting')}</span>
          <strong
            className={`num ${queue.waiting === 0 ? 'queue-none' : noOneToAnswer ? 'level-bad' : ''}`}
            data-figure="waiting"
          >
            {whole(queue.waiting)}
          </strong>
        </div>
        <div className="queue-big">
          <span className="queue-label">{t('queue.longestWait')}</span>
          <strong data-figure="longest-wait">
            {queue.waiting > 0 ? (
              <Elapsed since={at - queue.longestWaitMs} levelOf={(ms) => waitLevel(ms, threshold)} />
            ) : (
              <span className="num queue-none">{clockDuration(0)}</span>
            )}
          </strong>
        </div>
        {queue.callbacks > 0 && (
          <div className="queue-big">
            <span className="queue-label">{t('queue.callbacks')}</span>
            <strong className="num" data-figure="callbacks">
              {whole(queue.callbacks)}
            </strong>
          </div>
        )}
        <ul className="queue-states">
          {shownStates.map((states) => {
            const count = states.reduce((sum, state) => sum + queue.agents[state], 0);
            const [state] = states;
            return (
              <li
                key={state}
                className={`st st-${state} ${count === 0 ? 'queue-none' : ''}`}
                data-state={state}
              >
                <span className="queue-label">
                  <i className="st-dot" aria-hidden="true" />
                  {t(`state.${state}`)}
                </span>
                <b className="num">{count}</b>
              </li>
            );
          })}
        </ul>
      </div>
      <ReserveSwitch queue={queue} />
      <KpiFigures kpis={queue.kpis} className="queue-kpis" />
    </section>
  );
}
