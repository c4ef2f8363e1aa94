import type {
  ActivateFlow,
  BrowserPhoneAccount,
  CallAction,
  CallActionBody,
  CallDetail,
  CallsFilter,
  CallsPage,
  CallWhy,
  ChangeTask,
  ExtendWrapUp,
  FlowList,
  FlowOverviewView,
  LedgerView,
  LiveAgentView,
  PromptRow,
  PromptsList,
  Session,
  SetAgentState,
  SetReserve,
  SetSwitch,
  SignIn,
  SwitchRow,
  TaskRow,
  TasksFilter,
  TasksPage,
} from '../../../services/adapters/http/contract/index.ts';
import { apiUrl, request } from './client.ts';

/** Every operation of the API that the screens use. All throw `ApiFailure`. */

export const signIn = (body: SignIn): Promise<Session> => request('POST', '/session', { body });
export const whoAmI = (): Promise<Session> => request('GET', '/session');
export const signOut = (): Promise<void> => request('DELETE', '/session');

/** Answers with the agent as it is then. */
export const setAgentState = (agent: string, body: SetAgentState): Promise<LiveAgentView> =>
  request('PUT', `/agents/${encodeURIComponent(agent)}/state`, { body });

/** What the agent does with the own call; leads may end anyone's. Answers with the agent as it is then. */
export const controlCall = <A extends CallAction>(
  agent: string,
  action: A,
  body: CallActionBody<A>,
): Promise<LiveAgentView> => request('POST', `/agents/${encodeURIComponent(agent)}/call/${action}`, { body });
/** Answers with the agent as it is then. */
export const extendWrapUp = (agent: string, body: ExtendWrapUp): Promise<LiveAgentView> =>
  request('POST', `/agents/${encodeURIComponent(agent)}/wrap-up/extend`, { body });
/** Leads and administrators only. */
export const setReserve = (queue: string, body: SetReserve): Promise<void> =>
  request('PUT', `/queues/${encodeURIComponent(queue)}/reserve`, { body });

/** The agent's own only. */
export const browserPhoneAccount = (agent: string): Promise<BrowserPhoneAccount> =>
  request('GET', `/agents/${encodeURIComponent(agent)}/phone`);

export const listCalls = (query: CallsFilter, signal: AbortSignal): Promise<CallsPage> =>
  request('GET', '/calls', { query, signal });
export const callDetail = (callId: string, signal: AbortSignal): Promise<CallDetail> =>
  request('GET', `/calls/${encodeURIComponent(callId)}`, { signal });
export const callWhy = (callId: string, signal: AbortSignal): Promise<CallWhy> =>
  request('GET', `/calls/${encodeURIComponent(callId)}/why`, { signal });

/** Leads and administrators only. */
export const readLedger = (signal: AbortSignal): Promise<LedgerView> => request('GET', '/ledger', { signal });

export const listPrompts = (signal: AbortSignal): Promise<PromptsList> =>
  request('GET', '/prompts', { signal });
/** What callers hear, as a WAV file. */
export const promptSoundUrl = ({ language, id }: Pick<PromptRow, 'language' | 'id'>): string =>
  apiUrl(`/prompts/${encodeURIComponent(language)}/${encodeURIComponent(id)}/sound`);

export const listTasks = (query: TasksFilter, signal: AbortSignal): Promise<TasksPage> =>
  request('GET', '/tasks', { query, signal });
/** With a reason, which is kept on record: the task with its whole number. */
export const revealTask = (taskId: string, reason: string): Promise<TaskRow> =>
  request('GET', `/tasks/${encodeURIComponent(taskId)}`, { query: { reveal: 'numbers', reason } });
/** Answers with the task as it is then. */
export const changeTask = (taskId: string, body: ChangeTask): Promise<TaskRow> =>
  request('PUT', `/tasks/${encodeURIComponent(taskId)}`, { body });

/** For an audio element. Leads, and agents for what is theirs to see to. */
export const recordingUrl = (recording: string): string =>
  apiUrl(`/recordings/${encodeURIComponent(recording)}`);

/** Leads and administrators only; answers with the switch as it is then. */
export const setSwitch = (body: SetSwitch): Promise<SwitchRow> => request('PUT', '/switches', { body });

/** Leads and administrators only. */
export const listFlows = (signal: AbortSignal): Promise<FlowList> => request('GET', '/ivr/flows', { signal });
/** The flow's file, or an old version again; answers with the flow as it is then. */
export const activateFlow = (body: ActivateFlow): Promise<FlowOverviewView> =>
  request('POST', '/ivr/activations', { body });
export const flowPictureUrl = (flow: string, version: number): string =>
  apiUrl(`/ivr/flows/${encodeURIComponent(flow)}/versions/${version}/picture`);

export const liveStreamUrl = (): string => apiUrl('/live/stream');
