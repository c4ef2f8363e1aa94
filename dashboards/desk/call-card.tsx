import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  LiveAgentView,
  LiveCallView,
  LiveSnapshot,
} from '../../services/adapters/http/contract/live.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { Elapsed } from '../shared/live/ticking.tsx';
import { followLink, pathOf } from '../shared/ui/router.ts';
import { CallActions } from './call/call-actions.tsx';
import { ConsultPanel } from './call/consult-panel.tsx';
import { DialButton } from './call/dial-dialog.tsx';
import { HangUpButton } from './call/hang-up-button.tsx';
import { HoldThanks } from './call/hold-clock.tsx';
import { type PartyName, partyName } from './call/party-name.ts';
import { PassedNotice } from './call/passed-notice.tsx';
import { CallControls } from './phone/call-controls.tsx';

/** The call that rings or is talked to, or was until wrap-up; and what can be done with it. */
export function CallCard(props: {
  me: LiveAgentView;
  call: LiveCallView | null;
  snapshot: LiveSnapshot;
}): ReactNode {
  const { me, call, snapshot } = props;
  const { t } = useTranslation();
  const language = currentLanguage();
  if (me.callId === null) {
    return (
      <section className="panel desk-card">
        <h2>{t('desk.myCall')}</h2>
        <p className="desk-quiet">{t(me.state === 'available' ? 'desk.noCallReady' : 'desk.noCall')}</p>
        <CallControls />
        <DialButton me={me} hotlines={snapshot.hotlines} />
      </section>
    );
  }
  const hotline = snapshot.hotlines.find((each) => each.hotline === call?.hotline);
  const queue = snapshot.queues.find((each) => each.queue === call?.queue);
  const nameOf = partyName(snapshot, language);
  return (
    <section className={`panel desk-card st st-${me.state}`} data-call={me.callId}>
      <h2>{t('desk.myCall')}</h2>
      {call === null ? (
        <p className="desk-quiet">{t('desk.callOver')}</p>
      ) : (
        <>
          <p className="desk-big num">{otherNumber(call) || t('number.withheld')}</p>
          <p>
            {hotline?.name[language] ?? call.dialledNumber}
            {queue !== undefined && ` · ${queue.name[language]}`}
          </p>
          <p className="desk-call-state">
            {t(`state.${me.state}`)} <Elapsed since={me.since} />
          </p>
          <PassedNotice me={me} call={call} nameOf={nameOf} />
          <HoldThanks call={call} />
        </>
      )}
      <CallControls mayHold={call === null || (call.consult === null && !isMine(me, call))} />
      {call !== null && <WhatToDo me={me} call={call} nameOf={nameOf} />}
      <p>
        <a href={pathOf({ page: 'calls', callId: me.callId })} onClick={followLink}>
          {t('desk.openCall')}
        </a>
      </p>
    </section>
  );
}

/** What is possible depends on whose call it is: mine, mine while I ask somebody, or a colleague's who asks me. */
function WhatToDo({
  me,
  call,
  nameOf,
}: {
  me: LiveAgentView;
  call: LiveCallView;
  nameOf: PartyName;
}): ReactNode {
  const { t } = useTranslation();
  const { consult } = call;
  if (me.state !== 'on-call' && me.state !== 'on-hold') return null;
  const caller = call.callerNumber === '' ? t('number.withheld') : call.callerNumber;
  if (consult?.by === me.agent) return <ConsultPanel consult={consult} caller={caller} nameOf={nameOf} />;
  if (isMine(me, call)) return <CallActions me={me} call={call} />;
  return <HangUpButton me={me} />;
}

/** Whether it is a caller of mine whom I speak with. A call of one's own making has no queue to go back to: it is ended, and that is all. */
const isMine = (me: LiveAgentView, call: LiveCallView): boolean =>
  call.agent === me.agent && call.stage === 'talking' && call.source !== 'agent';

/** Whom one speaks with: of a call that an agent made, who was called. */
const otherNumber = ({ source, callerNumber, dialledNumber }: LiveCallView): string =>
  source === 'agent' ? dialledNumber : callerNumber;
