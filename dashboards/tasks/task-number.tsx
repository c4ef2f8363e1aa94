import { PhoneOutlined } from '@ant-design/icons';
import { Alert, App, Button, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskRow } from '../../services/adapters/http/contract/tasks.ts';
import { controlCall, revealTask } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { useConfirming } from '../shared/use-confirming.ts';

/** The number to call: masked until somebody says what for. */
export function TaskNumber({ task }: { task: TaskRow }): ReactNode {
  const { t } = useTranslation();
  const [whole, setWhole] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  if (task.number === '') return <span className="task-number task-small">{t('number.withheld')}</span>;
  return (
    <div className="task-number num">
      {whole === null ? <span>{task.number}</span> : <a href={`tel:${whole}`}>{whole}</a>}
      {whole === null && (
        <Button type="link" size="small" onClick={() => setAsking(true)}>
          {t('tasks.reveal')}
        </Button>
      )}
      {whole !== null && task.doneAt === null && <CallBack task={task} number={whole} />}
      {asking && (
        <RevealDialog
          taskId={task.taskId}
          onShown={(number) => {
            setWhole(number);
            setAsking(false);
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

/** Rings the own phone, then the number, which sees the hotline's (CLS-05). For agents; a task of no hotline is called by hand. */
function CallBack({ task, number }: { task: TaskRow; number: string }): ReactNode {
  const { t } = useTranslation();
  const { agent } = useSignedIn();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const { hotline } = task;
  if (agent === null || hotline === null) return null;
  const call = async () => {
    setBusy(true);
    try {
      await controlCall(agent, 'dial', { number, hotline });
      message.info(t('tasks.phoneRings'));
    } catch (error) {
      message.error(failureText(error));
    }
    setBusy(false);
  };
  return (
    <Button size="small" icon={<PhoneOutlined />} loading={busy} onClick={() => void call()}>
      {t('dial.call')}
    </Button>
  );
}

function RevealDialog(props: {
  taskId: string;
  onShown: (number: string) => void;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const given = reason.trim().length >= 3;
  const { busy, failure, confirm } = useConfirming(given, async () =>
    props.onShown((await revealTask(props.taskId, reason.trim())).number),
  );
  return (
    <Modal
      open
      title={t('tasks.revealTitle')}
      okText={t('tasks.show')}
      cancelText={t('tasks.cancel')}
      okButtonProps={{ disabled: !given }}
      confirmLoading={busy}
      onOk={confirm}
      onCancel={props.onClose}
    >
      <p className="task-small">{t('tasks.revealWhat')}</p>
      <Input
        autoFocus
        aria-label={t('tasks.reason')}
        placeholder={t('tasks.reason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        onPressEnter={confirm}
      />
      {failure !== null && <Alert type="error" showIcon title={failureText(failure)} />}
    </Modal>
  );
}
