import { Alert, Drawer, Spin } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallDetail } from '../../services/adapters/http/contract/calls.ts';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { callDetail } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { RecordedMessage } from '../shared/ui/recorded-message.tsx';
import { CallFacts } from './call-facts.tsx';
import { CallTimeline } from './call-timeline.tsx';
import { CallWhy } from './call-why.tsx';
import { namesOf } from './names-of.ts';

type Loaded = { callId: string; detail: CallDetail | null; failure: unknown };

/** One call: its record and what happened, step by step. A call that lasts is read again while the drawer is open. */
export function CallDrawer(props: {
  callId: string | null;
  snapshot: LiveSnapshot | null;
  onClose: () => void;
}): ReactNode {
  const { callId, snapshot, onClose } = props;
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const shown = loaded?.callId === callId ? loaded : null;
  const lasts = shown?.detail?.call.endedAt === null || shown?.detail?.call.wrapUpMs === null;
  // Something happened in the centre: perhaps to this call.
  const trigger = lasts ? (snapshot?.seq ?? 0) : 0;

  useEffect(() => {
    if (callId === null) return;
    const abort = new AbortController();
    const load = async () => {
      try {
        setLoaded({ callId, detail: await callDetail(callId, abort.signal), failure: null });
      } catch (failure) {
        if (abort.signal.aborted) return;
        setLoaded((before) => ({
          callId,
          detail: before?.callId === callId ? before.detail : null,
          failure,
        }));
      }
    };
    // A short pause gathers what happens in quick succession; the first reading is at once.
    const timer = setTimeout(() => void load(), trigger === 0 ? 0 : 1000);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [callId, trigger]);

  return (
    <Drawer
      open={callId !== null}
      onClose={onClose}
      title={t('call.title')}
      size="min(560px, 100vw)"
      destroyOnHidden
      data-testid="call-drawer"
    >
      {shown === null && (
        <div className="calls-loading">
          <Spin />
        </div>
      )}
      {shown !== null && shown.failure !== null && (
        <Alert type="error" showIcon title={failureText(shown.failure)} className="call-alert" />
      )}
      {shown?.detail != null && (
        <>
          <CallFacts call={shown.detail.call} snapshot={snapshot} />
          {shown.detail.call.recording !== null && role !== 'agent' && (
            <>
              <h3 className="call-heading">{t('call.recording')}</h3>
              <RecordedMessage recording={shown.detail.call.recording} label={t('call.recording')} />
            </>
          )}
          <h3 className="call-heading">{t('whyCall.title')}</h3>
          <CallWhy callId={shown.callId} reading={shown.detail} names={namesOf(snapshot)} />
          <h3 className="call-heading">{t('call.timeline')}</h3>
          <CallTimeline
            events={shown.detail.timeline}
            startedAt={shown.detail.call.startedAt}
            snapshot={snapshot}
          />
        </>
      )}
    </Drawer>
  );
}
