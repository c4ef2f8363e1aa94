import { Button, Result } from 'antd';
import { Component, type ReactNode } from 'react';
import { Translation } from 'react-i18next';

/** Shows that a page failed, instead of a white screen, and offers to load it anew. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: Error | null }> {
  override state: { failed: Error | null } = { failed: null };

  static getDerivedStateFromError(failed: Error): { failed: Error } {
    return { failed };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === null) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <Result
            status="error"
            title={t('failure.title')}
            subTitle={`${t('failure.what')} (${failed.message})`}
            extra={
              <Button type="primary" onClick={() => location.reload()}>
                {t('failure.reload')}
              </Button>
            }
          />
        )}
      </Translation>
    );
  }
}
