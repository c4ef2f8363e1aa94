import { CloseCircleOutlined, QuestionCircleOutlined, SwapRightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView, LiveCallView } from '../../../services/adapters/http/contract/live.ts';
import { controlCall } from '../../shared/api/endpoints.ts';
import { usePhone } from '../phone/phone-context.tsx';
import { HoldControl } from './hold-control.tsx';
import { PassDialog } from './pass-dialog.tsx';
import { useAsking } from './use-asking.ts';

/**
 * What can be done with the caller one speaks with: hold, pass on, ask for advice, hang up. It works with any phone; the phone in this
 * browser has a hang-up of its own (call-controls.tsx), which is not shown twice. Its own hold is: hold is to have a reason.
 */
export function CallActions({ me, call }: { me: LiveAgentView; call: LiveCallView }): ReactNode {
  const { t } = useTranslation();
  const { call: here } = usePhone();
  const { asked, ask } = useAsking();
  const [passing, setPassing] = useState<'transfer' | 'consult' | null>(null);
  const { agent } = me;
  // Held with the phone, the caller is taken back with the phone, and first of all.
  const heldHere = here?.held === true;
  return (
    <div className="phone-buttons" data-call-actions={call.held ? 'held' : 'talking'}>
      {!heldHere && <HoldControl agent={agent} call={call} asked={asked} ask={ask} />}
      <Button
        size="large"
        icon={<QuestionCircleOutlined />}
        disabled={heldHere}
        onClick={() => setPassing('consult')}
      >
        {t('pass.consult')}
      </Button>
      <Button
        size="large"
        icon={<SwapRightOutlined />}
        disabled={heldHere}
        onClick={() => setPassing('transfer')}
      >
        {t('pass.transfer')}
      </Button>
      {here === null && (
        <Button
          size="large"
          loading={asked === 'hang-up'}
          disabled={asked !== null && asked !== 'hang-up'}
          onClick={() => void ask('hang-up', () => controlCall(agent, 'hang-up', {}))}
          danger
          icon={<CloseCircleOutlined />}
        >
          {t('phone.hangUp')}
        </Button>
      )}
      {heldHere && <p className="desk-quiet">{t('pass.held')}</p>}
      {passing !== null && <PassDialog kind={passing} me={me} onClose={() => setPassing(null)} />}
    </div>
  );
}
