import { CheckCircleFilled, ClockCircleOutlined, LogoutOutlined, PauseCircleFilled } from '@ant-design/icons';
import { App, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetAgentState } from '../../services/adapters/http/contract/agents.ts';
import type { LiveAgentView } from '../../services/adapters/http/contract/live.ts';
import { chosenNotReadyReasons } from '../../services/events/vocabulary.ts';
import { extendWrapUp, setAgentState } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { Elapsed, Remaining } from '../shared/live/ticking.tsx';

type Reason = NonNullable<Extract<SetAgentState, { state: 'not-ready' }>['reason']>;
const reasons = chosenNotReadyReasons as readonly Reason[];

/** More wrap-up time at one press. */
const extensionMs = 30_000;

/** My state, large, and the buttons that change it. What it shows comes from the server only: one truth. */
export function StateCard({ me }: { me: LiveAgentView }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  /** What was asked for and not yet answered; all buttons wait for it. */
  const [asked, setAsked] = useState<string | null>(null);

  const ask = async (name: string, wanted: SetAgentState) => {
    setAsked(name);
    try {
      const now = await setAgentState(me.agent, wanted);
      if (now.callId !== null && now.state !== 'wrapping-up') message.info(t('desk.afterCall'));
    } catch (error) {
      message.error(failureText(error), 6);
    } finally {
      setAsked(null);
    }
  };
  const extend = async () => {
    setAsked('extend');
    try {
      await extendWrapUp(me.agent, { byMs: extensionMs });
    } catch (error) {
      message.error(failureText(error), 6);
    } finally {
      setAsked(null);
    }
  };
  const button = (name: string, wanted: SetAgentState) => ({
    loading: asked === name,
    disabled: asked !== null && asked !== name,
    onClick: () => void ask(name, wanted),
  });
  /** What the agent has chosen, though a call may stand before it. */
  const chosen = me.afterWork ?? me;
  const wrappingUp = me.state === 'wrapping-up';
  return (
    <section
      className={`panel desk-state st st-${me.state}`}
      data-state={me.state}
      aria-label={t('desk.myState')}
    >
      <div className="desk-now" role="status">
        <span className="desk-label">{t('desk.myState')}</span>
        <strong>{t(`state.${me.state}`)}</strong>
        <span className="desk-since">
          {me.reason !== null && `${t(`reason.${me.reason}`)} · `}
          {wrappingUp && me.until !== null ? (
            <>
              {t('desk.wrapUpLeft')} <Remaining until={me.until} />
            </>
          ) : (
            <Elapsed since={me.since} />
          )}
        </span>
        {me.afterWork !== null && (
          <span className="desk-since">
            {t('desk.afterWork', {
              state:
                me.afterWork.reason === null
                  ? t(`state.${me.afterWork.state}`)
                  : t(`reason.${me.afterWork.reason}`),
            })}
          </span>
        )}
      </div>
      {me.state === 'unreachable' && (
        <p className="desk-advice">{t('desk.unreachable', { agent: me.agent })}</p>
      )}
      <div className="desk-buttons">
        <Button
          size="large"
          type={me.state === 'available' ? 'default' : 'primary'}
          icon={<CheckCircleFilled />}
          aria-pressed={me.state === 'available'}
          className={me.state === 'available' ? 'desk-ready desk-chosen' : 'desk-ready'}
          {...button('available', { state: 'available' })}
        >
          {wrappingUp ? t('desk.finishNow') : t('wanted.available')}
        </Button>
        {wrappingUp && (
          <Button
            size="large"
            icon={<ClockCircleOutlined />}
            loading={asked === 'extend'}
            disabled={asked !== null && asked !== 'extend'}
            onClick={() => void extend()}
          >
            {t('desk.extend')}
          </Button>
        )}
        <fieldset className="desk-reasons">
          <legend>
            <PauseCircleFilled /> {t('wanted.not-ready')}
          </legend>
          {reasons.map((reason) => (
            <Button
              key={reason}
              size="large"
              aria-pressed={chosen.state === 'not-ready' && chosen.reason === reason}
              className={chosen.state === 'not-ready' && chosen.reason === reason ? 'desk-chosen' : ''}
              {...button(reason, { state: 'not-ready', reason })}
            >
              {t(`reason.${reason}`)}
            </Button>
          ))}
        </fieldset>
        <Button
          size="large"
          icon={<LogoutOutlined />}
          aria-pressed={chosen.state === 'signed-out'}
          className={chosen.state === 'signed-out' ? 'desk-chosen' : ''}
          {...button('signed-out', { state: 'signed-out' })}
        >
          {t('wanted.signed-out')}
        </Button>
      </div>
    </section>
  );
}
