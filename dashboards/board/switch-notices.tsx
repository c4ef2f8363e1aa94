import { WarningOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { turnedText } from './switch-text.ts';

/** Says what is switched on: nobody should wonder why callers are turned away. Nothing when all is off. */
export function SwitchNotices(props: Pick<LiveSnapshot, 'switches' | 'hotlines'>): ReactNode {
  const { t } = useTranslation();
  const language = currentLanguage();
  const names = new Map(props.hotlines.map(({ hotline, name }) => [hotline, name[language]]));
  return props.switches
    .filter(({ on }) => on)
    .map((one) => (
      <p className="board-notice" key={`${one.hotline} ${one.name}`} data-switched-on={one.name}>
        <WarningOutlined />
        <strong>
          {t('switch.isOn', { hotline: names.get(one.hotline) ?? one.hotline, label: one.label[language] })}
        </strong>
        <span className="num">{turnedText(one, t)}</span>
      </p>
    ));
}
