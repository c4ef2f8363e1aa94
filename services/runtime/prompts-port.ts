import type { Language } from '../events/vocabulary.ts';

/** One prompt as callers hear it. */
export type PromptOnShelf = {
  readonly language: Language;
  readonly id: string;
  readonly text: string;
  /** A word that values are put together from. */
  readonly fragment: boolean;
  /** There is a studio recording; otherwise speech synthesis is heard. */
  readonly recorded: boolean;
  /** How long it takes to be said; null: it has not been rendered. */
  readonly lengthMs: number | null;
};

/** What callers can hear. */
export interface PromptsPort {
  /** All, in the order of their files. @throws Error when a file cannot be read. */
  list(): readonly PromptOnShelf[];
  /** The WAV file that is played, 16 kHz; null: there is no such prompt, or it has not been rendered. */
  sound(language: Language, id: string): Promise<Buffer | null>;
}
