import { Alert, App, Button, Modal, Radio, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetAgentState } from '../../services/adapters/http/contract/agents.ts';
import type { LiveAgentView } from '../../services/adapters/http/contract/live.ts';
import { chosenNotReadyReasons } from '../../services/events/vocabulary.ts';
import { controlCall, setAgentState } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { localDate } from '../shared/format/time.ts';
import { serverNow } from '../shared/live/clock.ts';

type Wanted = SetAgentState['state'];
type Reason = NonNullable<Extract<SetAgentState, { state: 'not-ready' }>['reason']>;
const reasons = chosenNotReadyReasons as readonly Reason[];

/** A lead sets someone's state. The button says whom and what: that is the confirmation. */
export function AgentStateDialog(props: { agent: LiveAgentView | null; onClose: () => void }): ReactNode {
  const { agent, onClose } = props;
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [reason, setReason] = useState<Reason>('break');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  if (agent === null) return null;

  const withCall = agent.callId !== null && agent.state !== 'wrapping-up';
  const confirm = async () => {
    if (wanted === null) return;
    setBusy(true);
    setFailure(null);
    try {
      await setAgentState(
        agent.agent,
        wanted === 'not-ready' ? { state: wanted, reason } : { state: wanted },
      );
      message.success(t('setState.done', { name: agent.name, state: t(`wanted.${wanted}`) }));
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const askToHangUp = () =>
    void modal.confirm({
      title: t('setState.hangUpAsk', { name: agent.name }),
      okText: t('setState.hangUp'),
      okButtonProps: { danger: true },
      cancelText: t('switch.cancel'),
      onOk: async () => {
        try {
          await controlCall(agent.agent, 'hang-up', {});
          message.success(t('setState.hungUp', { name: agent.name }));
        } catch (error) {
          setFailure(error);
        }
      },
    });
  return (
    <Modal
      open
      title={t('setState.title', { name: agent.name, agent: agent.agent })}
      okText={
        wanted === null
          ? t('setState.choose')
          : t('setState.confirm', { name: agent.name, state: t(`wanted.${wanted}`) })
      }
      okButtonProps={{ disabled: wanted === null, danger: wanted === 'signed-out' }}
      confirmLoading={busy}
      onOk={() => void confirm()}
      onCancel={onClose}
    >
      <p className="set-state-now">
        {t('setState.now', { state: t(`state.${agent.state}`) })}
        {agent.reason !== null && ` · ${t(`reason.${agent.reason}`)}`}
      </p>
      {agent.skills.length > 0 && (
        <p className="set-state-now">
          {t('setState.skills')}: <SkillsText agent={agent} />
        </p>
      )}
      <Radio.Group
        className="set-state-options"
        value={wanted}
        onChange={(event) => setWanted(event.target.value as Wanted)}
        options={(['available', 'signed-out', 'not-ready'] as const).map((state) => ({
          value: state,
          label: t(`wanted.${state}`),
        }))}
      />
      {wanted === 'not-ready' && (
        <Select<Reason>
          className="set-state-reason"
          aria-label={t('setState.reason')}
          value={reason}
          onChange={setReason}
          options={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
        />
      )}
      {withCall && (
        <Alert
          type="info"
          showIcon
          title={t('setState.afterCall')}
          action={
            <Button danger size="small" onClick={askToHangUp}>
              {t('setState.hangUp')}
            </Button>
          }
        />
      )}
      {failure !== null && <Alert type="error" showIcon title={failureText(failure)} />}
    </Modal>
  );
}

function SkillsText({ agent }: { agent: LiveAgentView }): ReactNode {
  const { t } = useTranslation();
  const words = agent.skills.map(({ skill, level, expiresAt }) => {
    const held = t('skill.held', { skill, level });
    if (expiresAt === null) return held;
    const over = expiresAt <= serverNow();
    return `${held} (${t(over ? 'skill.expired' : 'skill.until', { date: localDate(expiresAt) })})`;
  });
  return words.join(' · ');
}
