import type { PromptId } from '../../events/ids.ts';
import type { LookupAnswer } from '../flow-test-text.ts';

/** What happened in a call on trial, in order. */
export type Told =
  | { readonly kind: 'caller'; readonly step: string }
  | { readonly kind: 'entered'; readonly flow: string; readonly node: string }
  | { readonly kind: 'heard'; readonly prompts: readonly PromptId[] }
  | { readonly kind: 'key'; readonly result: 'accepted' | 'invalid' | 'ignored' }
  | { readonly kind: 'failed-attempt'; readonly attempt: number; readonly because: string }
  | { readonly kind: 'listens'; readonly ms: number }
  | { readonly kind: 'set'; readonly values: Readonly<Record<string, string>> }
  | {
      readonly kind: 'looked-up';
      readonly lookup: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly answer: LookupAnswer;
    }
  | {
      readonly kind: 'queued';
      readonly queue: string;
      readonly priority: number;
      readonly skills: readonly string[];
    }
  | { readonly kind: 'no-room'; readonly queue: string }
  | { readonly kind: 'left-queue' }
  | { readonly kind: 'callback'; readonly number: string; readonly promised: boolean }
  | { readonly kind: 'records'; readonly queue: string }
  | { readonly kind: 'dials'; readonly number: string }
  | { readonly kind: 'scored'; readonly score: number }
  | { readonly kind: 'served' }
  | { readonly kind: 'over'; readonly outcome: string };

/** One line for a person. */
export function inWords(told: Told): string {
  switch (told.kind) {
    case 'caller':
      return callerInWords(told.step);
    case 'entered':
      return `  enters ${told.node}`;
    case 'heard':
      return `    hears ${told.prompts.join(', ')}`;
    case 'key':
      return `    the key is ${told.result}`;
    case 'failed-attempt':
      return `    attempt ${told.attempt} failed: ${told.because}`;
    case 'listens':
      return `    is listened to for ${told.ms / 1000} s`;
    case 'set':
      return `    ${Object.entries(told.values)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ')}`;
    case 'looked-up':
      return `    looks up ${told.lookup} (${Object.entries(told.parameters)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}): ${typeof told.answer === 'string' ? told.answer : 'found'}`;
    case 'queued':
      return `    joins queue ${told.queue}, priority ${told.priority}${told.skills.length > 0 ? `, needs ${told.skills.join(', ')}` : ''}`;
    case 'no-room':
      return `    queue ${told.queue} is full`;
    case 'left-queue':
      return '    leaves the queue';
    case 'callback':
      return `    ${told.promised ? 'is promised a call back' : 'cannot be called back'} at ${told.number || 'no number'}`;
    case 'records':
      return `    may leave a message for ${told.queue}`;
    case 'dials':
      return `    is put through to ${told.number || 'no number'}`;
    case 'scored':
      return `    scores ${told.score}`;
    case 'served':
      return '    is served';
    case 'over':
      return `→ ${told.outcome}`;
    default:
      return told satisfies never;
  }
}

function callerInWords(step: string): string {
  if (step === '.') return 'caller is silent';
  if (step.startsWith('!')) return `${callerInWords(step.slice(1))}, into what is said`;
  if (/^[0-9*#]+$/.test(step)) return `caller presses ${step}`;
  if (/^\d+s$/.test(step)) return `${step.slice(0, -1)} s pass`;
  return (
    {
      answered: 'is answered',
      'agent-lost': 'the agent is lost',
      timeout: 'waits in vain',
      'hangs-up': 'caller hangs up',
    }[step] ?? `caller ${step}`
  );
}
