import { useCallback, useEffect, useRef, useState } from 'react';
import type { PromptRow } from '../../services/adapters/http/contract/prompts.ts';
import { promptSoundUrl } from '../shared/api/endpoints.ts';

export const keyOf = ({ language, id }: Pick<PromptRow, 'language' | 'id'>): string => `${language}/${id}`;

/** Plays one prompt at a time. `playing`: its key; `failed`: the key of one that could not be played. */
export function usePlayer() {
  const [playing, setPlaying] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const audio = useRef<HTMLAudioElement | null>(null);

  const stop = useCallback(() => {
    audio.current?.pause();
    audio.current = null;
    setPlaying(null);
  }, []);
  const play = useCallback(
    (prompt: PromptRow) => {
      stop();
      setFailed(null);
      const key = keyOf(prompt);
      const sound = new Audio(promptSoundUrl(prompt));
      audio.current = sound;
      setPlaying(key);
      const over = (after: () => void) => () => {
        if (audio.current !== sound) return;
        audio.current = null;
        setPlaying(null);
        after();
      };
      sound.onended = over(() => undefined);
      sound.play().catch(over(() => setFailed(key)));
    },
    [stop],
  );
  useEffect(() => stop, [stop]);
  return { playing, failed, play, stop };
}
