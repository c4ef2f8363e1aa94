import { CloseCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView } from '../../../services/adapters/http/contract/live.ts';
import { controlCall } from '../../shared/api/endpoints.ts';
import { usePhone } from '../phone/phone-context.tsx';
import { useAsking } from './use-asking.ts';

/** Ends my part of the call. The phone in this browser has a button of its own. */
export function HangUpButton({ me }: { me: LiveAgentView }): ReactNode {
  const { t } = useTranslation();
  const { call: here } = usePhone();
  const { asked, ask } = useAsking();
  if (here !== null) return null;
  return (
    <div className="phone-buttons">
      <Button
        size="large"
        danger
        icon={<CloseCircleOutlined />}
        loading={asked !== null}
        onClick={() => void ask('hang-up', () => controlCall(me.agent, 'hang-up', {}))}
      >
        {t('phone.hangUp')}
      </Button>
    </div>
  );
}
