import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView, LiveCallView } from '../../../services/adapters/http/contract/live.ts';
import { passReason } from '../../shared/pass-reason.ts';
import type { PartyName } from './party-name.ts';

/**
 * Who passed this call on or asks about it, and why; or, to whom I did. What was said while my phone rang stays to be read during the call,
 * though the live data does not repeat it.
 */
export function PassedNotice(props: { me: LiveAgentView; call: LiveCallView; nameOf: PartyName }): ReactNode {
  const { me, call, nameOf } = props;
  const { t } = useTranslation();
  const heard = useRef<{ callId: string; who: string; reason: string; asks: boolean } | null>(null);
  const { consult, passing } = call;
  const nameOfAgent = (agent: string) => nameOf({ kind: 'agent', agent });
  if (passing !== null && passing.by === me.agent && me.state !== 'ringing') {
    const who = nameOf(passing.to);
    return <Said>{t(call.stage === 'talking' ? 'pass.withThem' : 'pass.onTheWay', { who })}</Said>;
  }
  if (passing?.comesBack === true && passing.by === me.agent) return <Said>{t('pass.comesBack')}</Said>;
  if (passing !== null && passing.by !== me.agent)
    heard.current = { callId: call.callId, who: passing.by, reason: passing.reason, asks: false };
  if (consult !== null && consult.by !== me.agent)
    heard.current = { callId: call.callId, who: consult.by, reason: consult.reason, asks: true };
  const told = heard.current;
  if (told === null || told.callId !== call.callId || me.state === 'wrapping-up') return null;
  const who = nameOfAgent(told.who);
  const asks = consult !== null && consult.by !== me.agent;
  return (
    <Said>
      <b>{t(asks ? 'pass.askedBy' : 'pass.passedBy', { who })}</b>
      <br />
      {t('pass.about', { reason: passReason(told.reason, t) })}
      {asks && consult.answered && (
        <>
          <br />
          {t(`pass.with.${consult.speaksWith}`, { asker: who })}
        </>
      )}
    </Said>
  );
}

const Said = ({ children }: { children: ReactNode }): ReactNode => (
  <p className="desk-notice" role="status" data-passed>
    {children}
  </p>
);
