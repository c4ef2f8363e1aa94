import { PauseOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { Button, Select, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCallView } from '../../../services/adapters/http/contract/live.ts';
import { type HoldReason, holdReasons } from '../../../services/events/vocabulary.ts';
import { controlCall } from '../../shared/api/endpoints.ts';
import { HoldClock } from './hold-clock.tsx';

const times = [30, 60, 120, 180] as const;

/**
 * Hold with what the caller is told: why, and for how long (HLD-01). Both are chosen beforehand, so that it is one key press; what the agent
 * chooses otherwise stays chosen for this call.
 */
export function HoldControl(props: {
  agent: string;
  call: LiveCallView;
  /** What is being asked of the server. */
  asked: string | null;
  ask: (name: string, request: () => Promise<unknown>) => Promise<void>;
}): ReactNode {
  const { agent, call, asked, ask } = props;
  const { t } = useTranslation();
  const [reason, setReason] = useState<HoldReason>('checking');
  const [seconds, setSeconds] = useState<number>(times[0]);
  const action = call.held ? 'resume' : 'hold';
  const button = (
    <Button
      size="large"
      icon={call.held ? <PlayCircleOutlined /> : <PauseOutlined />}
      aria-pressed={call.held}
      loading={asked === action}
      disabled={asked !== null && asked !== action}
      onClick={() =>
        void ask(action, () =>
          call.held
            ? controlCall(agent, 'resume', {})
            : controlCall(agent, 'hold', { reason, promisedSeconds: seconds }),
        )
      }
    >
      {t(call.held ? 'phone.resume' : 'phone.hold')}
    </Button>
  );
  if (call.held) {
    return (
      <>
        {button}
        {call.hold?.promise != null && <HoldClock since={call.hold.since} promise={call.hold.promise} />}
      </>
    );
  }
  const time = (count: number) => t('hold.seconds', { count });
  return (
    <>
      <Space.Compact size="large" className="hold-choice">
        {button}
        <Select
          aria-label={t('hold.reason')}
          className="hold-reason"
          value={reason}
          onChange={setReason}
          popupMatchSelectWidth={false}
          options={holdReasons.map((value) => ({ value, label: t(`holdReason.${value}`) }))}
        />
        <Select
          aria-label={t('hold.time')}
          value={seconds}
          onChange={setSeconds}
          popupMatchSelectWidth={false}
          options={times.map((value) => ({ value, label: time(value) }))}
        />
      </Space.Compact>
      <p className="desk-quiet hold-line">
        {t('hold.ask', { reason: t(`holdReason.${reason}`), time: time(seconds) })}
      </p>
    </>
  );
}
