import type { Program } from '../../tools/types.ts';
import { commandEngine } from './command.ts';
import type { SpeechEngine, SpeechSettings } from './engine.ts';
import { espeakEngine } from './espeak.ts';
import { httpEngine } from './http.ts';

/** The operator's service if one is set, else the operator's program, else the voice in the box. */
export function chooseEngine(settings: SpeechSettings, espeak: Program): SpeechEngine {
  if (settings.url !== null) return httpEngine(settings.url, settings.token);
  if (settings.command !== null) return commandEngine(settings.command);
  return espeakEngine(espeak);
}
