import type { TFunction } from 'i18next';

/** The reasons of services/runtime/reconcile.ts, as it words them. The pattern's group is the text's value. */
const patterns: readonly [RegExp, (t: TFunction, value: string) => string][] = [
  [/^the beginning of the call is missing in the account of Asterisk$/, (t) => t('why.noBeginning')],
  [/^a part of the account of Asterisk was lost or damaged$/, (t) => t('why.accountLost')],
  [/^the account of Asterisk tells of no such call$/, (t) => t('why.notTold')],
  [/^no record of this call \((.*)\)$/, (t, channel) => t('why.noRecord', { channel })],
  [/^(.*) is no leg of the recorded call$/, (t, channel) => t('why.noLeg', { channel })],
];

/** Why something is unexplained, in the reader's language; a reason that is not known yet is shown as it was recorded. */
export function whyText(reason: string, t: TFunction): string {
  for (const [pattern, say] of patterns) {
    const match = pattern.exec(reason);
    if (match) return say(t, match[1] ?? '');
  }
  return reason;
}
