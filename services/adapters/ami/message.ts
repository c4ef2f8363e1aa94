/** A message of Asterisk's manager interface as asterisk-manager parses it: keys in lower case. */
export type AmiMessage = Readonly<
  Record<string, string | readonly string[] | Readonly<Record<string, string>>>
>;

/** An action's name and its headers. */
export type AmiAction = { readonly action: string } & Readonly<Record<string, string>>;

/** The interface failed us. Messages name the action; they never hold a password. */
export class AmiError extends Error {
  override readonly name = 'AmiError';
  readonly kind: 'refused' | 'timed-out' | 'not-connected' | 'invalid';

  constructor(action: string, kind: AmiError['kind'], said: string) {
    super(`AMI ${action}: ${kind} (${said})`);
    this.kind = kind;
  }
}

/** A header's value as text; '' when it is missing or was sent several times. */
export function text(message: AmiMessage, key: string): string {
  const value = message[key];
  return typeof value === 'string' ? value : '';
}

/**
 * A value with a line break would end the action and begin another one of the sender's choice.
 * @throws {AmiError} `invalid`
 */
export function checkAction(action: AmiAction): void {
  for (const [key, value] of Object.entries(action)) {
    if (typeof value !== 'string' || /[\r\n\0]/.test(value) || !/^[A-Za-z][A-Za-z0-9-]*$/.test(key)) {
      const name = /^[A-Za-z]+$/.test(action.action) ? action.action : 'action';
      throw new AmiError(name, 'invalid', 'a header holds a line break or is no header at all');
    }
  }
}
