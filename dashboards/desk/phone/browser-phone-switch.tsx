import { Checkbox, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from './phone-context.tsx';
import type { PhoneState } from './run-phone.ts';

/** Turns this browser into the agent's phone, and says how that goes. */
export function BrowserPhoneSwitch(): ReactNode {
  const { t } = useTranslation();
  const { state, wanted, want, autoAnswer, setAutoAnswer } = usePhone();
  const bad = state.kind === 'failed' || (state.kind === 'on' && state.link === 'refused');
  return (
    <div className="phone-switch" data-browser-phone={state.kind === 'on' ? state.link : state.kind}>
      <label className="phone-choice" htmlFor="browser-phone">
        <Switch id="browser-phone" checked={wanted} onChange={want} />
        {t('phone.useBrowser')}
      </label>
      <p className={bad ? 'phone-bad' : 'desk-quiet'} role="status">
        <PhoneWords state={state} />
      </p>
      {wanted && (
        <Checkbox checked={autoAnswer} onChange={(event) => setAutoAnswer(event.target.checked)}>
          {t('phone.autoAnswer')}
        </Checkbox>
      )}
    </div>
  );
}

function PhoneWords({ state }: { state: PhoneState }): ReactNode {
  const { t } = useTranslation();
  switch (state.kind) {
    case 'off':
      return t('phone.off');
    case 'starting':
      return t('phone.link.connecting');
    case 'elsewhere':
      return t('phone.elsewhere');
    case 'on':
      return t(`phone.link.${state.link}`);
    case 'failed':
      return t(`phone.trouble.${state.because}`);
    default:
      return state satisfies never;
  }
}
