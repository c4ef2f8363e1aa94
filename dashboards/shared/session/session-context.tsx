import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { Session, SignIn } from '../../../services/adapters/http/contract/session.ts';
import { setCsrfToken, whenSignedOut } from '../api/client.ts';
import * as api from '../api/endpoints.ts';
import { ApiFailure } from '../api/problem.ts';

export type SessionState =
  /** Asking the server who we are. */
  | { kind: 'unknown' }
  /** `ended`: there was a session in this page, and it is over without the person having asked for it. */
  | { kind: 'signed-out'; ended: boolean }
  | { kind: 'unreachable'; error: unknown }
  | { kind: 'signed-in'; session: Session };

type SessionActions = {
  signIn: (credentials: SignIn) => Promise<void>;
  signOut: () => Promise<void>;
  /** Asks the server again who we are. */
  refresh: () => Promise<void>;
  /** The server said that the session is over. */
  ended: () => void;
};

const SessionContext = createContext<(SessionActions & { state: SessionState }) | null>(null);

export function useSession(): SessionActions & { state: SessionState } {
  const value = use(SessionContext);
  if (value === null) throw new Error('useSession is used outside of SessionProvider');
  return value;
}

/** Who is signed in; for pages that are only shown to someone who is. */
export function useSignedIn(): Session {
  const { state } = useSession();
  if (state.kind !== 'signed-in') throw new Error('useSignedIn is used where nobody may be signed in');
  return state.session;
}

export function SessionProvider({ children }: { children: ReactNode }): ReactNode {
  const [state, setState] = useState<SessionState>({ kind: 'unknown' });

  const enter = useCallback((session: Session) => {
    setCsrfToken(session.csrfToken);
    setState({ kind: 'signed-in', session });
  }, []);
  const ended = useCallback(() => {
    setCsrfToken(null);
    setState((was) => ({ kind: 'signed-out', ended: was.kind === 'signed-in' }));
  }, []);
  const refresh = useCallback(async () => {
    try {
      enter(await api.whoAmI());
    } catch (error) {
      if (error instanceof ApiFailure && error.code === 'not-signed-in') return;
      // Someone signed in stays so while the server is away; a page being opened has nothing to show yet.
      setState((was) => (was.kind === 'signed-in' ? was : { kind: 'unreachable', error }));
    }
  }, [enter]);

  useEffect(() => {
    whenSignedOut(ended);
    void refresh();
  }, [ended, refresh]);

  const actions = useMemo<SessionActions>(
    () => ({
      signIn: async (credentials) => enter(await api.signIn(credentials)),
      signOut: async () => {
        await api.signOut();
        setCsrfToken(null);
        setState({ kind: 'signed-out', ended: false });
      },
      refresh,
      ended,
    }),
    [enter, refresh, ended],
  );
  return <SessionContext value={{ ...actions, state }}>{children}</SessionContext>;
}
