import { Alert, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskRow } from '../../services/adapters/http/contract/tasks.ts';
import { changeTask } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { useConfirming } from '../shared/use-confirming.ts';

/** Asks what was done, and says that the task is. */
export function DoneDialog(props: {
  task: TaskRow;
  onChanged: (task: TaskRow) => void;
  onClose: () => void;
}): ReactNode {
  const { task, onChanged, onClose } = props;
  const { t } = useTranslation();
  const [note, setNote] = useState(task.note);
  const { busy, failure, confirm } = useConfirming(true, async () => {
    // One line: notes are shown in lists.
    const said = note.replaceAll(/\s+/g, ' ').trim();
    onChanged(await changeTask(task.taskId, { state: 'done', note: said }));
    onClose();
  });
  return (
    <Modal
      open
      title={t('tasks.doTitle', { kind: t(`taskKind.${task.kind}`) })}
      okText={t('tasks.confirm')}
      cancelText={t('tasks.cancel')}
      confirmLoading={busy}
      onOk={confirm}
      onCancel={onClose}
    >
      <Input.TextArea
        autoFocus
        rows={3}
        maxLength={500}
        aria-label={t('tasks.note')}
        placeholder={t('tasks.note')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {failure !== null && <Alert type="error" showIcon title={failureText(failure)} />}
    </Modal>
  );
}
