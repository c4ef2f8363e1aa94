import type { RTCSession } from 'jssip/lib/RTCSession.js';
import type { IncomingRTCSessionEvent } from 'jssip/lib/UA.js';
import type { BrowserPhoneOptions } from './browser-phone.ts';
import { closeMicrophone, openMicrophone } from './microphone.ts';

/** ringing → answering → talking → (over: no call). */
export type BrowserCall = {
  /** Our id of the call, the same as in the live view. */
  readonly callId: string;
  readonly callerNumber: string;
  readonly state: 'ringing' | 'answering' | 'talking';
  readonly muted: boolean;
  readonly held: boolean;
  /** The browser's own view of the sound, for quality figures. */
  readonly connection: RTCPeerConnection | null;
  /** @throws {NoMicrophone} when it cannot be had; the call goes on ringing */
  answer(): Promise<void>;
  /** Refuses a ringing call (486), ends any other. */
  hangUp(): void;
  /** Keeps the agent's voice from the caller; sound still flows, as silence. */
  mute(on: boolean): void;
  /** Music for the caller, nothing for the agent. Resolves when Asterisk has agreed. */
  hold(on: boolean): Promise<void>;
};

/** How long to wait for a further address of this machine before answering: all of them come at once. */
const moreCandidatesMs = 5;

/** Follows an incoming call to its end; `tell` gets the call at each change, and null at last. */
export function ringing(
  { session, request }: IncomingRTCSessionEvent,
  { microphone, onVoice }: Pick<BrowserPhoneOptions, 'microphone' | 'onVoice'>,
  tell: (call: BrowserCall | null) => void,
): void {
  let state: BrowserCall['state'] = 'ringing';
  let voice: MediaStream | null = null;
  const say = () => tell(view());
  const view = (): BrowserCall => ({
    callId: request.getHeader('X-Call-Id') ?? '',
    callerNumber: session.remote_identity.uri.user,
    state,
    muted: session.isMuted().audio === true,
    held: session.isOnHold().local,
    connection: session.connection ?? null,
    answer,
    hangUp,
    mute: (on) => (on ? session.mute({ audio: true }) : session.unmute({ audio: true })),
    hold: (on) => holdOrResume(session, on),
  });
  const hangUp = () => {
    if (!session.isEnded()) session.terminate(session.isEstablished() ? {} : { status_code: 486 });
  };
  const answer = async (): Promise<void> => {
    if (state !== 'ringing') return;
    voice = await openMicrophone(microphone);
    // The caller may have left, or the button been pressed twice, while the microphone was opened.
    if (session.isEnded() || state !== 'ringing') return closeMicrophone(voice);
    state = 'answering';
    say();
    session.answer({ mediaStream: voice, pcConfig: { iceServers: [], bundlePolicy: 'max-bundle' } });
  };
  const over = () => {
    if (voice) closeMicrophone(voice);
    tell(null);
  };
  session.on('peerconnection', ({ peerconnection }) =>
    peerconnection.addEventListener('track', ({ streams, track }) =>
      onVoice(streams[0] ?? new MediaStream([track])),
    ),
  );
  answerSoon(session);
  session.on('confirmed', () => {
    state = 'talking';
    say();
  });
  for (const change of ['hold', 'unhold', 'muted', 'unmuted'] as const) session.on(change, say);
  session.on('ended', over);
  session.on('failed', over);
  say();
}

/** JsSIP by itself waits until the browser has tried everything, which costs the caller a second of silence or more. */
function answerSoon(session: RTCSession): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  session.on('icecandidate', ({ ready }) => {
    clearTimeout(timer);
    timer = setTimeout(ready, moreCandidatesMs);
  });
}

function holdOrResume(session: RTCSession, on: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const agreed = on ? session.hold({}, resolve) : session.unhold({}, resolve);
    if (agreed) return;
    const already = session.isOnHold().local === on;
    if (already) resolve();
    else reject(new Error(`the call cannot be ${on ? 'held' : 'resumed'} now`));
  });
}
