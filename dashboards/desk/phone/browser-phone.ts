import { UA, WebSocketInterface } from 'jssip';
import type { IncomingRTCSessionEvent, RTCSessionEvent } from 'jssip/lib/UA.js';
import { type BrowserCall, ringing } from './browser-call.ts';

export type { BrowserCall } from './browser-call.ts';

/**
 * connecting ⇄ registered; refused: the account or its password is wrong.
 * While it is connecting, calls cannot come in; one under way goes on, as its sound has a path of its own.
 */
export type PhoneLink = 'connecting' | 'registered' | 'refused';

export type BrowserPhoneOptions = {
  /** Asterisk's SIP over WebSocket: `ws://host:port/ws`. */
  webSocketUrl: string;
  /** SIP account, for example `1001-web`. */
  account: string;
  password: string;
  /** How the microphone is asked for; default: with the browser's echo and noise processing. */
  microphone?: MediaTrackConstraints;
  onLink(link: PhoneLink): void;
  /** The present call, whenever something about it changes; null when it is over. */
  onCall(call: BrowserCall | null): void;
  /** The other side's voice: to be played. */
  onVoice(voice: MediaStream): void;
};

export type BrowserPhone = {
  /** Hangs up, unregisters, lets the microphone go. */
  stop(): void;
};

/** Seconds after which Asterisk forgets a page that says nothing more; the socket's end is noticed at once. */
const registrationLastsS = 120;

/**
 * A telephone in the browser: registers over WebSocket, reconnects by itself, one call at a time; a second one is refused as
 * busy. The microphone is open only from the ring to the end of a call.
 */
export function startBrowserPhone(options: BrowserPhoneOptions): BrowserPhone {
  const { hostname } = new URL(options.webSocketUrl);
  const ua = new UA({
    sockets: [new WebSocketInterface(options.webSocketUrl)],
    uri: `sip:${options.account}@${hostname}`,
    password: options.password,
    register_expires: registrationLastsS,
    // Asterisk watches the sound instead (rtp_timeout).
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 4,
  });
  let current: BrowserCall | null = null;
  ua.on('connecting', () => options.onLink('connecting'));
  ua.on('disconnected', () => options.onLink('connecting'));
  ua.on('registered', () => options.onLink('registered'));
  ua.on('registrationFailed', ({ response }: { response?: { status_code: number } | null }) =>
    // Without an answer it is the connection that failed, and that is tried again.
    options.onLink(response && [401, 403, 404].includes(response.status_code) ? 'refused' : 'connecting'),
  );
  ua.on('newRTCSession', (event: RTCSessionEvent) => {
    if (!isIncoming(event)) return;
    if (current) {
      event.session.terminate({ status_code: 486 });
      return;
    }
    ringing(event, options, (call) => {
      current = call;
      options.onCall(call);
    });
  });
  ua.start();
  return { stop: () => ua.stop() };
}

const isIncoming = (event: RTCSessionEvent): event is IncomingRTCSessionEvent =>
  event.originator === 'remote';
