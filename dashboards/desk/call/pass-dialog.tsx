import { Alert, Input, Modal, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallTargetBody } from '../../../services/adapters/http/contract/call-control.ts';
import type { LiveAgentView } from '../../../services/adapters/http/contract/live.ts';
import { controlCall } from '../../shared/api/endpoints.ts';
import { failureText } from '../../shared/api/failure-text.ts';
import { useLive } from '../../shared/live/live-context.tsx';
import { useConfirming } from '../../shared/use-confirming.ts';
import { ColleagueChoice } from './colleague-choice.tsx';
import { isNumber } from './is-number.ts';
import { QueueChoice } from './queue-choice.tsx';
import './pass-dialog.css';

const kinds = ['agent', 'queue', 'outside'] as const;

/** Whom to pass the caller on to, or to ask, and why: without a reason nobody is passed on (TRF-01). */
export function PassDialog(props: {
  kind: 'transfer' | 'consult';
  me: LiveAgentView;
  onClose: () => void;
}): ReactNode {
  const { kind, me, onClose } = props;
  const { t } = useTranslation();
  const { snapshot } = useLive();
  const [to, setTo] = useState<(typeof kinds)[number]>('agent');
  const [agent, setAgent] = useState<string | null>(null);
  const [queue, setQueue] = useState<string | null>(null);
  const [number, setNumber] = useState('');
  const [reason, setReason] = useState('');
  const target = targetOf(to, agent, queue, number.trim());
  const ready = target !== null && reason.trim() !== '';
  const { busy, failure, confirm } = useConfirming(ready, async () => {
    if (target === null) return;
    await controlCall(me.agent, kind, { to: target, reason: reason.trim() });
    onClose();
  });
  return (
    <Modal
      open
      title={t(kind === 'consult' ? 'pass.consultTitle' : 'pass.transferTitle')}
      okText={t(`pass.${kind}`)}
      cancelText={t('pass.close')}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={busy}
      onOk={confirm}
      onCancel={onClose}
    >
      <div className="pass" data-pass={kind}>
        <p className="pass-what">{t(kind === 'consult' ? 'pass.consultWhat' : 'pass.transferWhat')}</p>
        <Segmented
          block
          value={to}
          onChange={setTo}
          aria-label={t('pass.to')}
          options={kinds.map((value) => ({ value, label: t(`pass.kind.${value}`) }))}
        />
        {to === 'agent' && (
          <ColleagueChoice
            colleagues={(snapshot?.agents ?? []).filter((one) => one.agent !== me.agent)}
            chosen={agent}
            onChoose={setAgent}
          />
        )}
        {to === 'queue' && <QueueChoice queues={snapshot?.queues ?? []} chosen={queue} onChoose={setQueue} />}
        {to === 'outside' && (
          <Input
            autoFocus
            inputMode="tel"
            maxLength={24}
            aria-label={t('pass.number')}
            placeholder={t('pass.number')}
            value={number}
            onChange={(event) => setNumber(event.target.value)}
          />
        )}
        <label className="pass-reason" htmlFor="pass-reason">
          <span>{t('pass.reason')}</span>
          <Input
            id="pass-reason"
            maxLength={200}
            placeholder={t('pass.reasonWhat')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            onPressEnter={confirm}
          />
        </label>
        {failure !== null && <Alert type="error" showIcon title={failureText(failure)} />}
      </div>
    </Modal>
  );
}

function targetOf(
  to: (typeof kinds)[number],
  agent: string | null,
  queue: string | null,
  number: string,
): CallTargetBody | null {
  switch (to) {
    case 'agent':
      return agent === null ? null : { kind: to, agent };
    case 'queue':
      return queue === null ? null : { kind: to, queue };
    case 'outside':
      return isNumber(number) ? { kind: to, number } : null;
    default:
      return to satisfies never;
  }
}
