import { WarningFilled } from '@ant-design/icons';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { momentText } from '../format/time.ts';
import { serverNow } from './clock.ts';
import { useLive } from './live-context.tsx';
import { type StalePart, stalePartsOf } from './stale-parts.ts';
import { Elapsed } from './ticking.tsx';
import './stale-banner.css';

/** Says what is stale and since when. Stays until it is true no more. */
export function StaleBanner(): ReactNode {
  const { snapshot, stream } = useLive();
  return (
    <div role="status" aria-live="polite">
      {stalePartsOf(snapshot, stream.phase).map((part) => (
        <StaleLine key={part} part={part} />
      ))}
    </div>
  );
}

/** Counts from when the server knew of it; where it does not say, from when the part was seen to go stale here. */
function StaleLine({ part }: { part: StalePart }): ReactNode {
  const { t } = useTranslation();
  const { snapshot } = useLive();
  const [seenAt] = useState(serverNow);
  const known = part === 'telephony' || part === 'postgres' ? snapshot?.parts.downSince?.[part] : undefined;
  const since = part === 'stream' ? (snapshot?.at ?? seenAt) : (known ?? seenAt);
  const nodes = (snapshot?.nodes ?? []).filter((node) => !node.connected).map((node) => node.nodeId);
  return (
    <p className={`stale stale-${part === 'postgres' || part === 'node' ? 'warn' : 'bad'}`} data-stale={part}>
      <WarningFilled />
      <span className="stale-words">
        <b>{t(`stale.${part}.title`, { nodes: nodes.join(', ') })}</b>{' '}
        {t(`stale.${part}.what`, {
          time: momentText(since, serverNow()),
          count: snapshot?.parts.journalBacklogEvents ?? 0,
        })}
      </span>
      <Elapsed since={since} />
    </p>
  );
}
