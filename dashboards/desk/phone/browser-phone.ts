import { UA, WebSocketInterface } from 'jssip';
import type { IncomingRTCSessionEvent, RTCSessionEvent } from 'jssip/lib/UA.js';
import { type BrowserCall, ringing } from './browser-call.ts';

export type { BrowserCall } from './browser-call.ts';

/**
 * connecting ⇄ registered; refused: the account or its password seems to be wrong; it is tried again all the same.
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

/** An Asterisk that has just started takes connections before it knows the accounts: so many refusals mean nothing. */
const fewFailures = 3;
const retryMs = { first: 1_000, most: 60_000 };

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
  let failures = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  ua.on('registered', () => {
    failures = 0;
    options.onLink('registered');
  });
  // The library tries connections again, registrations not.
  ua.on('registrationFailed', ({ response }: { response?: { status_code: number } | null }) => {
    failures += 1;
    options.onLink(response && failures > fewFailures ? 'refused' : 'connecting');
    clearTimeout(again);
    again = setTimeout(
      () => {
        if (ua.isConnected()) ua.register();
      },
      Math.min(retryMs.most, retryMs.first * 2 ** (failures - 1)),
    );
  });
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
  return {
    stop() {
      clearTimeout(again);
      ua.stop();
    },
  };
}

const isIncoming = (event: RTCSessionEvent): event is IncomingRTCSessionEvent =>
  event.originator === 'remote';
