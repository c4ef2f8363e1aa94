import type {
  BrowserPhoneAccount,
  CallDetail,
  CallsFilter,
  CallsPage,
  LedgerView,
  LiveAgentView,
  Session,
  SetAgentState,
  SignIn,
} from '../../../services/adapters/http/contract/index.ts';
import { apiUrl, request } from './client.ts';

/** Every operation of the API that the screens use. All throw `ApiFailure`. */

export const signIn = (body: SignIn): Promise<Session> => request('POST', '/session', { body });
export const whoAmI = (): Promise<Session> => request('GET', '/session');
export const signOut = (): Promise<void> => request('DELETE', '/session');

/** Answers with the agent as it is then. */
export const setAgentState = (agent: string, body: SetAgentState): Promise<LiveAgentView> =>
  request('PUT', `/agents/${encodeURIComponent(agent)}/state`, { body });

/** The agent's own only. */
export const browserPhoneAccount = (agent: string): Promise<BrowserPhoneAccount> =>
  request('GET', `/agents/${encodeURIComponent(agent)}/phone`);

export const listCalls = (query: CallsFilter, signal: AbortSignal): Promise<CallsPage> =>
  request('GET', '/calls', { query, signal });
export const callDetail = (callId: string, signal: AbortSignal): Promise<CallDetail> =>
  request('GET', `/calls/${encodeURIComponent(callId)}`, { signal });

/** Leads and administrators only. */
export const readLedger = (signal: AbortSignal): Promise<LedgerView> => request('GET', '/ledger', { signal });

export const liveStreamUrl = (): string => apiUrl('/live/stream');
