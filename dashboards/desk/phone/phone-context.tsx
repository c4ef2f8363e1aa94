import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { useLive } from '../../shared/live/live-context.tsx';
import { remembered } from '../../shared/remembered.ts';
import { useSignedIn } from '../../shared/session/session-context.tsx';
import type { BrowserCall } from './browser-phone.ts';
import { startRinging } from './ring-tone.ts';
import { type PhoneState, runPhone } from './run-phone.ts';

type Phone = {
  state: PhoneState;
  call: BrowserCall | null;
  /** The agent wants this browser to be the phone; kept in this browser. */
  wanted: boolean;
  want: (on: boolean) => void;
  autoAnswer: boolean;
  setAutoAnswer: (on: boolean) => void;
};

const PhoneContext = createContext<Phone | null>(null);

export function usePhone(): Phone {
  const value = use(PhoneContext);
  if (value === null) throw new Error('usePhone is used outside of PhoneProvider');
  return value;
}

const onOff = ['on', 'off'] as const;
const autoAnswerKept = remembered('hotline-phone-auto-answer', onOff);

/** The phone belongs to the page as a whole: an agent who looks something up elsewhere in it goes on talking. */
export function PhoneProvider({ children }: { children: ReactNode }): ReactNode {
  const { agent } = useSignedIn();
  // Of each agent by itself: the next one at this desk may have a telephone.
  const wantedKept = useMemo(() => remembered(`hotline-phone-${agent}`, onOff), [agent]);
  const [wanted, setWanted] = useState(agent !== null && wantedKept.read() === 'on');
  const [autoAnswer, setAutoAnswer] = useState(autoAnswerKept.read() === 'on');
  const [state, setState] = useState<PhoneState>({ kind: 'off' });
  const call = state.kind === 'on' ? state.call : null;

  useEffect(() => {
    if (!wanted || agent === null) return;
    const stop = runPhone(agent, setState);
    return () => {
      stop();
      setState({ kind: 'off' });
    };
  }, [wanted, agent]);
  useRinging(call, autoAnswer);
  useStayWhileTalking(call !== null);
  useEndWithTheServer(call);

  const value = useMemo<Phone>(
    () => ({
      state,
      call,
      wanted,
      want(on) {
        wantedKept.write(on ? 'on' : 'off');
        setWanted(on);
      },
      autoAnswer,
      setAutoAnswer(on) {
        autoAnswerKept.write(on ? 'on' : 'off');
        setAutoAnswer(on);
      },
    }),
    [state, call, wanted, wantedKept, autoAnswer],
  );
  return <PhoneContext value={value}>{children}</PhoneContext>;
}

function useRinging(call: BrowserCall | null, autoAnswer: boolean): void {
  const rings = call?.state === 'ringing';
  const answer = call?.answer;
  useEffect(() => {
    if (!rings) return;
    if (!autoAnswer) return startRinging();
    answer?.().catch((error: unknown) => console.error('the call was not answered by itself', error));
  }, [rings, autoAnswer, answer]);
}

/** Closing or reloading the page would take the caller's agent away: the browser asks first. */
function useStayWhileTalking(talking: boolean): void {
  useEffect(() => {
    if (!talking) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [talking]);
}

/** How long the server and the phone may disagree before the server is believed. */
const disagreementMs = 3_000;

/**
 * The end of a call can get lost on its way here when the connection was cut during the call: then the page would show a
 * call with nobody in it, and be busy for the next. What the server says of the agent decides.
 */
function useEndWithTheServer(call: BrowserCall | null): void {
  const { agent } = useSignedIn();
  const { snapshot, stream } = useLive();
  const me = snapshot?.agents.find((each) => each.agent === agent);
  const busy = me?.state === 'ringing' || me?.state === 'on-call' || me?.state === 'on-hold';
  const overThere =
    call?.state === 'talking' &&
    call.callId !== '' &&
    stream.phase === 'live' &&
    me !== undefined &&
    !(busy && me.callId === call.callId);
  const hangUp = call?.hangUp;
  useEffect(() => {
    if (!overThere) return;
    const timer = setTimeout(() => hangUp?.(), disagreementMs);
    return () => clearTimeout(timer);
  }, [overThere, hangUp]);
}
