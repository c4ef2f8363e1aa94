import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../shared/live/live-context.tsx';
import { stalePartsOf } from '../shared/live/stale-parts.ts';
import { FreezeClocks } from '../shared/live/ticking.tsx';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { Hint } from '../shared/ui/hint.tsx';
import { CallCard } from './call-card.tsx';
import { PhoneCard } from './phone-card.tsx';
import { StateCard } from './state-card.tsx';
import './desk.css';
import './phone/phone.css';

/** The agent's own page: my state, my phone, my call. */
export default function DeskPage(): ReactNode {
  const { t } = useTranslation();
  const session = useSignedIn();
  const { snapshot, stream } = useLive();
  if (snapshot === null) {
    return (
      <div className="desk-loading">
        <Spin size="large" />
      </div>
    );
  }
  const me = snapshot.agents.find((agent) => agent.agent === session.agent);
  if (me === undefined) {
    return (
      <section className="panel">
        <Hint title={t('desk.notAnAgent')}>{t('desk.notAnAgentWhat')}</Hint>
      </section>
    );
  }
  const call = snapshot.calls.find((each) => each.callId === me.callId) ?? null;
  const stale = stalePartsOf(snapshot, stream.phase).some(
    (part) => part === 'stream' || part === 'telephony',
  );
  return (
    <FreezeClocks when={stale}>
      <div className={stale ? 'desk desk-stale' : 'desk'}>
        <h1 className="visually-hidden">{t('frame.desk')}</h1>
        <StateCard me={me} />
        <div className="desk-side">
          <CallCard me={me} call={call} snapshot={snapshot} />
          <PhoneCard me={me} />
          <WaitingForMe queues={snapshot.queues.filter((queue) => me.queues.includes(queue.queue))} />
        </div>
      </div>
    </FreezeClocks>
  );
}

function WaitingForMe({ queues }: { queues: { waiting: number }[] }): ReactNode {
  const { t } = useTranslation();
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  return (
    <section className="panel desk-card">
      <h2>{t('desk.waiting')}</h2>
      <p className="desk-big num">{waiting}</p>
    </section>
  );
}
