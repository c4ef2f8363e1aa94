import type { ReactNode } from 'react';
import { recordingUrl } from '../api/endpoints.ts';

/** Plays what a caller said to the recorder. Nothing is fetched before it is played: each listening is kept on record. */
export function RecordedMessage({ recording, label }: { recording: string; label: string }): ReactNode {
  return (
    // biome-ignore lint/a11y/useMediaCaption: nobody has written down what the caller said
    <audio
      className="recorded-message"
      controls
      preload="none"
      aria-label={label}
      src={recordingUrl(recording)}
    />
  );
}
