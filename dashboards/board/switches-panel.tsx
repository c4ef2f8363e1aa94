import { App, Switch } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import type { SwitchRow } from '../../services/adapters/http/contract/switches.ts';
import { setSwitch } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { turnedText } from './switch-text.ts';

/** For leads: what they can turn on and off for each hotline, who turned it last, and when. Asks before it does. */
export function SwitchesPanel(props: Pick<LiveSnapshot, 'switches' | 'hotlines'>): ReactNode {
  const { switches, hotlines } = props;
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const language = currentLanguage();
  if (role === 'agent' || switches.length === 0) return null;
  return (
    <section className="panel" aria-label={t('board.switches')}>
      <h2 className="panel-title">
        <span>{t('board.switches')}</span>
      </h2>
      <p className="switches-what">{t('board.switchesWhat')}</p>
      <div className="switches">
        {hotlines.map(({ hotline, name }) => (
          <fieldset key={hotline} className="switches-hotline">
            <legend>{name[language]}</legend>
            {switches
              .filter((one) => one.hotline === hotline)
              .map((one) => (
                <OneSwitch key={one.name} one={one} hotline={name[language]} />
              ))}
          </fieldset>
        ))}
      </div>
    </section>
  );
}

function OneSwitch({ one, hotline }: { one: SwitchRow; hotline: string }): ReactNode {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const label = one.label[currentLanguage()];
  const turn = async (on: boolean) => {
    setBusy(true);
    try {
      await setSwitch({ hotline: one.hotline, name: one.name, on });
      message.success(t(on ? 'switch.doneOn' : 'switch.doneOff', { hotline, label }));
    } catch (error) {
      message.error(failureText(error));
    }
    setBusy(false);
  };
  const ask = (on: boolean) =>
    void modal.confirm({
      title: t(on ? 'switch.askOn' : 'switch.askOff', { label }),
      content: t('switch.askWhat', { hotline }),
      okText: t(on ? 'switch.confirmOn' : 'switch.confirmOff'),
      okButtonProps: { danger: on },
      cancelText: t('switch.cancel'),
      onOk: () => turn(on),
    });
  return (
    <div className="switch" data-switch={`${one.hotline}/${one.name}`}>
      <Switch
        checked={one.on}
        loading={busy}
        onChange={ask}
        aria-label={t('switch.set', { hotline, label })}
        checkedChildren={t('switch.on')}
        unCheckedChildren={t('switch.off')}
      />
      <span className="switch-label">{label}</span>
      <small className="num">{turnedText(one, t)}</small>
    </div>
  );
}
