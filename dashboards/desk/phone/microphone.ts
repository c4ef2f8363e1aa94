/** Why this browser cannot be a telephone; each has a text that says what to do. */
export type MicrophoneTrouble = 'insecure' | 'refused' | 'missing' | 'unusable';

/** The microphone cannot be had. */
export class NoMicrophone extends Error {
  override readonly name = 'NoMicrophone';
  readonly trouble: MicrophoneTrouble;

  constructor(trouble: MicrophoneTrouble, cause?: unknown) {
    super(`no microphone: ${trouble}`, { cause });
    this.trouble = trouble;
  }
}

/**
 * Opens the microphone; the browser asks the person if they have not decided yet.
 * @throws {NoMicrophone}
 */
export async function openMicrophone(constraints: MediaTrackConstraints = {}): Promise<MediaStream> {
  // Browsers lend it to pages that came over TLS or from this machine only, and show others no such thing.
  if (!window.isSecureContext) throw new NoMicrophone('insecure');
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: constraints, video: false });
  } catch (error) {
    throw new NoMicrophone(troubleOf(error), error);
  }
}

export function closeMicrophone(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return 'unusable';
}
