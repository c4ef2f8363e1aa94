import {
  type BrowserCall,
  type BrowserPhone,
  type PhoneLink,
  startBrowserPhone,
} from '../../../dashboards/desk/phone/browser-phone.ts';

/** What the page tells the test. */
export type Sight = {
  link: PhoneLink | 'off';
  state: BrowserCall['state'] | 'idle';
  held: boolean;
  callId: string;
  callerNumber: string;
  ringCount: number;
  codec: string;
  log: string[];
};

export type PageApi = {
  start(options: { webSocketUrl: string; account: string; password: string }): void;
  see(): Sight;
  answer(): Promise<void>;
  hangUp(): void;
  hold(on: boolean): Promise<void>;
  mute(on: boolean): void;
  stop(): void;
  /** The last second that came to the ear, at 8 kHz, as 16-bit numbers. */
  heard(): number[];
};

declare global {
  interface Window {
    phone: PageApi;
  }
}

const sampleRateHz = 8_000;
const log: string[] = [];
let link: Sight['link'] = 'off';
let call: BrowserCall | null = null;
let phone: BrowserPhone | null = null;
let ringCount = 0;
let codec = '';
let ear: AnalyserNode | null = null;

const talk = (): BrowserCall => {
  if (!call) throw new Error('no call');
  return call;
};

window.phone = {
  start(options) {
    phone = startBrowserPhone({
      ...options,
      // A tone is noise to the browser's own processing.
      microphone: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      onLink(now) {
        link = now;
        log.push(now);
      },
      onCall(now) {
        if (now && !call) ringCount += 1;
        call = now;
        log.push(now ? `${now.state}${now.held ? ' held' : ''}` : 'idle');
        if (now?.state === 'talking') void learnCodec(now);
      },
      onVoice: listen,
    });
  },
  see: () => ({
    link,
    state: call?.state ?? 'idle',
    held: call?.held ?? false,
    callId: call?.callId ?? '',
    callerNumber: call?.callerNumber ?? '',
    ringCount,
    codec,
    log,
  }),
  answer: () => talk().answer(),
  hangUp: () => talk().hangUp(),
  hold: (on) => talk().hold(on),
  mute: (on) => talk().mute(on),
  stop: () => phone?.stop(),
  heard() {
    if (!ear) return [];
    const samples = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(samples);
    return [...samples.slice(-sampleRateHz)].map((sample) => Math.round(sample * 32_767));
  },
};

/** Through an audio element too: Chromium feeds a remote voice to Web Audio only when something plays it. */
function listen(voice: MediaStream): void {
  const player = document.querySelector('audio');
  if (player) {
    player.srcObject = voice;
    player.play().catch((error: unknown) => log.push(`not played: ${String(error)}`));
  }
  const context = new AudioContext({ sampleRate: sampleRateHz });
  ear = context.createAnalyser();
  ear.fftSize = 8_192;
  context.createMediaStreamSource(voice).connect(ear);
}

async function learnCodec({ connection }: BrowserCall): Promise<void> {
  const report = await connection?.getStats();
  for (const entry of report?.values() ?? []) if (entry.type === 'codec') codec = entry.mimeType;
}
