/** The tone of telephones in China (GB/T 3380): 450 Hz, one second of five. */
const toneHz = 450;
const soundsMs = 1_000;
const everyMs = 5_000;
const loudness = 0.2;

/**
 * Rings until the returned function is called. Silent when the browser does not let a page sound that nobody has clicked
 * in yet; the ringing call is on the screen all the same.
 */
export function startRinging(): () => void {
  const context = new AudioContext();
  const volume = context.createGain();
  volume.gain.value = 0;
  volume.connect(context.destination);
  const tone = context.createOscillator();
  tone.frequency.value = toneHz;
  tone.connect(volume);
  tone.start();
  const ringOnce = () => {
    const now = context.currentTime;
    volume.gain.setValueAtTime(loudness, now);
    volume.gain.setValueAtTime(0, now + soundsMs / 1_000);
  };
  ringOnce();
  const timer = setInterval(ringOnce, everyMs);
  return () => {
    clearInterval(timer);
    tone.stop();
    context.close().catch((error: unknown) => console.warn('the ring tone did not end well', error));
  };
}
