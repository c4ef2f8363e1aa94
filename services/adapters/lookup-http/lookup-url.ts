/**
 * The address to ask: the template below the source's address, each `{name}` replaced by its value, percent-encoded. Whatever the value
 * is, the question goes to the path that was configured.
 * @returns null when a value would leave a step of the path empty: nobody is asked about nothing
 * @throws when a value cannot stand in a path, without naming the value
 */
export function lookupUrl(
  address: string,
  template: string,
  parameters: Readonly<Record<string, string>>,
): URL | null {
  const [path = '', ...query] = template.split('?');
  const blank = [...path.matchAll(placeholder)].some(([, name = '']) => (parameters[name] ?? '') === '');
  if (blank) return null;
  const fill = (text: string) =>
    text.replaceAll(placeholder, (_found, name: string) => encoded(parameters[name] ?? ''));
  const steps = fill(path);
  // `.` and `..` are steps up the path, percent-encoded too: no value may be one.
  if (/(^|\/)\.{1,2}(\/|$)/.test(steps)) throw new Error('a value cannot be asked for: it is no name');
  const search = query.length > 0 ? `?${fill(query.join('?'))}` : '';
  return new URL(`${address.replace(/\/+$/, '')}${steps}${search}`);
}

const placeholder = /\{([^{}]*)\}/g;

function encoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    throw new Error('a value cannot be asked for: it is no text');
  }
}
