import { AuditOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { mayOpen } from '../shared/ui/page-frame.tsx';
import { followLink, pathOf } from '../shared/ui/router.ts';

/** Says that the books differ and leads to where; nothing when they agree, and for those who cannot look there. */
export function LedgerNotice({ books }: { books: LiveSnapshot['books'] }): ReactNode {
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const { unexplainedCalls, kpiDifferences } = books;
  if (!mayOpen('ledger', role) || unexplainedCalls + kpiDifferences === 0) return null;
  const said = [
    ...(unexplainedCalls > 0 ? [t('ledger.noticeCalls', { count: unexplainedCalls })] : []),
    ...(kpiDifferences > 0 ? [t('ledger.noticeKpis', { count: kpiDifferences })] : []),
  ];
  return (
    <a className="board-notice" href={pathOf({ page: 'ledger' })} onClick={followLink}>
      <AuditOutlined />
      <span>{said.join(' ')}</span>
      <b>{t('ledger.look')}</b>
    </a>
  );
}
