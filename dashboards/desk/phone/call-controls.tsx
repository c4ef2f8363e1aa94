import {
  AudioMutedOutlined,
  AudioOutlined,
  CloseCircleOutlined,
  PauseOutlined,
  PhoneFilled,
  PlayCircleOutlined,
} from '@ant-design/icons';
import { App, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NoMicrophone } from './microphone.ts';
import { usePhone } from './phone-context.tsx';

/**
 * The buttons of a call in this browser: answer and refuse, then mute, hold and hang up. Nothing without a call. `mayHold`: false where hold has
 * a reason (call/hold-control.tsx), and while advice is taken, when one of the two waits anyway; taking back is always possible.
 */
export function CallControls({ mayHold = true }: { mayHold?: boolean }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { state, call } = usePhone();
  const [holding, setHolding] = useState(false);
  if (call === null || state.kind !== 'on') return null;

  const answer = async () => {
    try {
      await call.answer();
    } catch (error) {
      const trouble = error instanceof NoMicrophone ? error.trouble : 'unexpected';
      message.error(t(`phone.trouble.${trouble}`), 6);
    }
  };
  const hold = async () => {
    setHolding(true);
    try {
      await call.hold(!call.held);
    } catch (error) {
      console.error('hold', error);
      message.error(t('phone.holdFailed'), 6);
    } finally {
      setHolding(false);
    }
  };
  const refuse = (
    <Button size="large" danger icon={<CloseCircleOutlined />} onClick={call.hangUp}>
      {t(call.state === 'ringing' ? 'phone.refuse' : 'phone.hangUp')}
    </Button>
  );
  if (call.state !== 'talking') {
    return (
      <div className="phone-buttons" data-phone-call={call.state}>
        <Button
          size="large"
          type="primary"
          icon={<PhoneFilled />}
          loading={call.state === 'answering'}
          onClick={() => void answer()}
        >
          {t('phone.answer')}
        </Button>
        {refuse}
      </div>
    );
  }
  return (
    <div className="phone-buttons" data-phone-call={call.held ? 'held' : 'talking'}>
      <Button
        size="large"
        icon={call.muted ? <AudioMutedOutlined /> : <AudioOutlined />}
        aria-pressed={call.muted}
        disabled={call.held}
        onClick={() => call.mute(!call.muted)}
      >
        {t(call.muted ? 'phone.unmute' : 'phone.mute')}
      </Button>
      {(mayHold || call.held) && (
        <Button
          size="large"
          icon={call.held ? <PlayCircleOutlined /> : <PauseOutlined />}
          aria-pressed={call.held}
          loading={holding}
          // Without the connection the change cannot be agreed, and trying would end the call.
          disabled={state.link !== 'registered'}
          onClick={() => void hold()}
        >
          {t(call.held ? 'phone.resume' : 'phone.hold')}
        </Button>
      )}
      {refuse}
    </div>
  );
}
