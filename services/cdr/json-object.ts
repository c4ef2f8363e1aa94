/** What Asterisk adds to a record as JSON. A torn record, or another version's format, is an empty object: of an end it says then that it is ours, cause unknown. */
export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
