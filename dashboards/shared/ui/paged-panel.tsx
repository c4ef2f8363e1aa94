import { Alert, Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../api/failure-text.ts';
import type { Pages } from '../api/use-pages.ts';
import './paged-panel.css';

/** A list that comes page after page, with what stands in its place while it loads, when it is empty, and when it cannot be had. */
export function PagedPanel(props: {
  pages: Omit<Pages<unknown>, 'setRows'>;
  className: string;
  label?: string;
  /** Says so when there is nothing. */
  empty: ReactNode;
  moreText: string;
  children: ReactNode;
}): ReactNode {
  const { pages, className, label, empty, moreText, children } = props;
  const { rows, loading, failure, more, reload } = pages;
  const { t } = useTranslation();
  return (
    <>
      {failure !== null && (
        <Alert
          type="error"
          showIcon
          title={failureText(failure)}
          action={<Button onClick={reload}>{t('failure.again')}</Button>}
        />
      )}
      <section className={className} aria-busy={loading} aria-label={label}>
        {rows.length > 0 && children}
        {rows.length === 0 && loading && (
          <div className="paged-loading">
            <Spin />
          </div>
        )}
        {rows.length === 0 && !loading && failure === null && empty}
        {more !== null && (
          <div className="paged-more">
            <Button onClick={more} loading={loading}>
              {moreText}
            </Button>
          </div>
        )}
      </section>
    </>
  );
}
