import { PhoneOutlined } from '@ant-design/icons';
import { Alert, Button, Input, Modal, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView, LiveSnapshot } from '../../../services/adapters/http/contract/live.ts';
import { controlCall } from '../../shared/api/endpoints.ts';
import { failureText } from '../../shared/api/failure-text.ts';
import { currentLanguage } from '../../shared/i18n.ts';
import { useConfirming } from '../../shared/use-confirming.ts';
import { isNumber } from './is-number.ts';
import './pass-dialog.css';

type Hotlines = LiveSnapshot['hotlines'];

/** Opens the dialog that calls a number outside. Needs a phone that can be rung, and no call. */
export function DialButton({ me, hotlines }: { me: LiveAgentView; hotlines: Hotlines }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (me.devices.length === 0 || me.state === 'signed-out') return null;
  return (
    <>
      <div className="phone-buttons">
        <Button size="large" icon={<PhoneOutlined />} onClick={() => setOpen(true)}>
          {t('dial.open')}
        </Button>
      </div>
      {open && <DialDialog me={me} hotlines={hotlines} onClose={() => setOpen(false)} />}
    </>
  );
}

function DialDialog(props: { me: LiveAgentView; hotlines: Hotlines; onClose: () => void }): ReactNode {
  const { me, hotlines, onClose } = props;
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [hotline, setHotline] = useState(hotlines[0]?.hotline ?? '');
  const ready = isNumber(number.trim()) && hotline !== '';
  const { busy, failure, confirm } = useConfirming(ready, async () => {
    await controlCall(me.agent, 'dial', { number: number.trim(), hotline });
    onClose();
  });
  return (
    <Modal
      open
      title={t('dial.title')}
      okText={t('dial.call')}
      cancelText={t('pass.close')}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={busy}
      onOk={confirm}
      onCancel={onClose}
    >
      <div className="pass" data-dial>
        <p className="pass-what">{t('dial.what')}</p>
        <Input
          autoFocus
          inputMode="tel"
          maxLength={24}
          aria-label={t('pass.number')}
          placeholder={t('pass.number')}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          onPressEnter={confirm}
        />
        <Select<string>
          aria-label={t('dial.hotline')}
          value={hotline}
          onChange={setHotline}
          options={hotlines.map((one) => ({
            value: one.hotline,
            label: `${one.name[currentLanguage()]} ${one.hotline}`,
          }))}
        />
        {failure !== null && <Alert type="error" showIcon title={failureText(failure)} />}
      </div>
    </Modal>
  );
}
