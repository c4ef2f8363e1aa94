import { LeftOutlined, SwapOutlined, TeamOutlined, UserSwitchOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCallView } from '../../../services/adapters/http/contract/live.ts';
import { controlCall } from '../../shared/api/endpoints.ts';
import { Elapsed } from '../../shared/live/ticking.tsx';
import type { PartyName } from './party-name.ts';
import { useAsking } from './use-asking.ts';

type Consult = NonNullable<LiveCallView['consult']>;

/** While I ask somebody: with whom I speak, who hears music, and what can follow. */
export function ConsultPanel(props: { consult: Consult; caller: string; nameOf: PartyName }): ReactNode {
  const { consult, caller, nameOf } = props;
  const { t } = useTranslation();
  const { asked, ask } = useAsking();
  const { by, answered, speaksWith } = consult;
  const target = nameOf(consult.party);
  const other = speaksWith === 'target' ? caller : target;
  const button = (action: 'swap' | 'conference' | 'complete-transfer' | 'end-consult') => ({
    size: 'large' as const,
    loading: asked === action,
    disabled: (asked !== null && asked !== action) || (action !== 'end-consult' && !answered),
    onClick: () => void ask(action, () => controlCall(by, action, {})),
  });
  return (
    <div className="consult" data-consult={answered ? speaksWith : 'ringing'} role="status">
      <p className="consult-reason">{t('pass.about', { reason: consult.reason })}</p>
      <ul className="consult-parties">
        <Party name={caller} doing={speaksWith === 'target' ? 'waits' : 'speaks'} />
        <li className={answered ? '' : 'consult-rings'}>
          <b className="num">{target}</b>
          <span>
            {answered ? t(speaksWith === 'caller' ? 'pass.waits' : 'pass.speaks') : t('pass.rings')}{' '}
            <Elapsed since={consult.since} />
          </span>
        </li>
      </ul>
      <div className="phone-buttons">
        {speaksWith !== 'all' && (
          <>
            <Button {...button('swap')} icon={<SwapOutlined />}>
              {answered ? t('pass.swapTo', { name: other }) : t('pass.swap')}
            </Button>
            <Button {...button('conference')} icon={<TeamOutlined />}>
              {t('pass.conference')}
            </Button>
          </>
        )}
        <Button {...button('complete-transfer')} type="primary" icon={<UserSwitchOutlined />}>
          {t('pass.complete')}
        </Button>
        <Button {...button('end-consult')} icon={<LeftOutlined />}>
          {t(answered ? 'pass.back' : 'pass.cancel')}
        </Button>
      </div>
    </div>
  );
}

function Party({ name, doing }: { name: string; doing: 'waits' | 'speaks' }): ReactNode {
  const { t } = useTranslation();
  return (
    <li>
      <b className="num">{name}</b>
      <span>{t(`pass.${doing}`)}</span>
    </li>
  );
}
