import { Alert, Button, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskRow } from '../../services/adapters/http/contract/tasks.ts';
import { revealTask } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';

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

function RevealDialog(props: {
  taskId: string;
  onShown: (number: string) => void;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const given = reason.trim().length >= 3;
  const show = async () => {
    if (!given) return;
    setBusy(true);
    try {
      props.onShown((await revealTask(props.taskId, reason.trim())).number);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t('tasks.revealTitle')}
      okText={t('tasks.show')}
      cancelText={t('tasks.cancel')}
      okButtonProps={{ disabled: !given }}
      confirmLoading={busy}
      onOk={() => void show()}
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
        onPressEnter={() => void show()}
      />
      {failure !== null && <Alert type="error" showIcon title={failureText(failure)} />}
    </Modal>
  );
}
