import { parseDocument } from 'yaml';
import { hasOddLength } from '../ivr/odd-length.ts';

/**
 * A YAML text's content, or everything that is wrong with it, one line each. What YAML only warns of (a tag nobody knows, an anchor
 * that swallows a colon) counts as wrong: it is hardly ever what was meant.
 */
export function readYaml(text: string): { content: unknown } | { problems: string[] } {
  try {
    const document = parseDocument(text, { logLevel: 'error' });
    const problems = [...document.errors, ...document.warnings].map(({ message }) => firstLine(message));
    if (problems.length > 0) return { problems };
    const content: unknown = document.toJS();
    if (hasOddLength(content)) return { problems: ['a `length` holds more than a value'] };
    return { content };
  } catch (error) {
    // Nested too deeply, or aliases that would unfold without end.
    return {
      problems: [`cannot be read (${firstLine(error instanceof Error ? error.message : String(error))})`],
    };
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
