import { Button, Result, Spin } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { PhoneBar } from './desk/phone/phone-bar.tsx';
import { PhoneProvider } from './desk/phone/phone-context.tsx';
import { failureText } from './shared/api/failure-text.ts';
import { ApiFailure } from './shared/api/problem.ts';
import { LiveProvider } from './shared/live/live-context.tsx';
import { StaleBanner } from './shared/live/stale-banner.tsx';
import { SessionProvider, useSession, useSignedIn } from './shared/session/session-context.tsx';
import { SignInPage } from './shared/session/sign-in-page.tsx';
import { ThemeProvider } from './shared/theme/theme-context.tsx';
import { ErrorBoundary } from './shared/ui/error-boundary.tsx';
import { homeOf, mayOpen, PageFrame } from './shared/ui/page-frame.tsx';
import { navigate, useRoute } from './shared/ui/router.ts';

// Each page is its own file for the browser: an agent's desk does not load the calls list.
const BoardPage = lazy(() => import('./board/board-page.tsx'));
const DeskPage = lazy(() => import('./desk/desk-page.tsx'));
const CallsPage = lazy(() => import('./calls/calls-page.tsx'));
const TasksPage = lazy(() => import('./tasks/tasks-page.tsx'));
const IvrPage = lazy(() => import('./ivr/ivr-page.tsx'));
const PromptsPage = lazy(() => import('./prompts/prompts-page.tsx'));
const LedgerPage = lazy(() => import('./ledger/ledger-page.tsx'));

/** Everything there is to see. */
export function Screens(): ReactNode {
  return (
    <ThemeProvider>
      <ErrorBoundary>
        <SessionProvider>
          <Door />
        </SessionProvider>
      </ErrorBoundary>
    </ThemeProvider>
  );
}

/** Sign-in, or the pages of who is signed in. */
function Door(): ReactNode {
  const { state, refresh } = useSession();
  switch (state.kind) {
    case 'unknown':
      return <Waiting />;
    case 'unreachable':
      return <Unreachable error={state.error} onRetry={() => void refresh()} />;
    case 'signed-out':
      return <SignInPage ended={state.ended} />;
    case 'signed-in':
      return (
        <LiveProvider key={state.session.user}>
          <PhoneProvider>
            <PageFrame>
              <StaleBanner />
              <ErrorBoundary>
                <Suspense fallback={<Waiting />}>
                  <OpenPage />
                </Suspense>
              </ErrorBoundary>
            </PageFrame>
          </PhoneProvider>
        </LiveProvider>
      );
    default:
      return state satisfies never;
  }
}

const retryMs = 5_000;

/** Nobody can say who this is: no server, or no database behind it. Asked again by itself. */
function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }): ReactNode {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(onRetry, retryMs);
    return () => clearTimeout(timer);
  });
  const storeAway = error instanceof ApiFailure && error.code === 'store-unavailable';
  return (
    <Result
      status="warning"
      title={t(storeAway ? 'failure.storeAway' : 'failure.unreachable')}
      subTitle={failureText(error)}
      extra={
        <Button type="primary" onClick={onRetry}>
          {t('failure.again')}
        </Button>
      }
    />
  );
}

function OpenPage(): ReactNode {
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const route = useRoute();
  const page = route.page === 'home' ? homeOf(role) : route.page;
  useEffect(() => {
    document.title = page === 'unknown' ? t('product') : `${t(`frame.${page}`)} · ${t('product')}`;
  }, [page, t]);

  if (page === 'unknown' || !mayOpen(page, role)) return <NotHere />;
  if (page === 'desk') return <DeskPage />;
  return (
    <>
      {page === 'board' && <BoardPage />}
      {page === 'calls' && <CallsPage callId={route.page === 'calls' ? route.callId : null} />}
      {page === 'tasks' && <TasksPage />}
      {page === 'ivr' && <IvrPage />}
      {page === 'prompts' && <PromptsPage />}
      {page === 'ledger' && <LedgerPage />}
      <PhoneBar />
    </>
  );
}

function NotHere(): ReactNode {
  const { t } = useTranslation();
  return (
    <Result
      status="404"
      title={t('notHere.title')}
      subTitle={t('notHere.what')}
      extra={
        <Button type="primary" onClick={() => navigate('/')}>
          {t('notHere.home')}
        </Button>
      }
    />
  );
}

const Waiting = (): ReactNode => (
  <div style={{ padding: '20vh 0', textAlign: 'center' }}>
    <Spin size="large" />
  </div>
);
