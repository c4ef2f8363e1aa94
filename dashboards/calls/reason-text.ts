import type { TFunction } from 'i18next';
import type { TextKey } from '../shared/i18n.ts';

/** The reasons the engine gives, as it words them, and how the screens say them. Groups of the pattern fill the text's values. */
type ReasonKey = Extract<TextKey, `because.${string}`>;
const patterns: readonly [RegExp, ReasonKey][] = [
  [/^longest idle of (?<count>\d+)$/, 'because.longestIdle'],
  [/^the caller left$/, 'because.callerLeft'],
  [/^the agent hung up$/, 'because.agentHungUp'],
  [/^the agent was lost: (?<cause>.+)$/, 'because.agentLost'],
  [/^answered too late$/, 'because.answeredTooLate'],
  [/^rang for too long$/, 'because.rangTooLong'],
  [/^could not be picked up in time$/, 'because.notPickedUp'],
  [/^longest call time reached$/, 'because.longestCall'],
  [/^said goodbye$/, 'because.saidGoodbye'],
  [/^flow ended at (?<node>.+)$/, 'because.flowEnded'],
  [/^feature code (?<code>.+)$/, 'because.featureCode'],
  [/^nothing answers to (?<number>.*)$/, 'because.nothingAnswers'],
  [/^closing when the connection came back$/, 'because.closingReconnected'],
  [/^asked again$/, 'because.askedAgain'],
  [/^max-wait$/, 'because.maxWait'],
  [/^queue-full$/, 'because.queueFull'],
  [/^(?<order>answer|connect) failed$/, 'because.orderFailed'],
];

/** A reason in the reader's language; one that is not known yet is shown as it was recorded. */
export function reasonText(reason: string, t: TFunction): string {
  for (const [pattern, key] of patterns) {
    const match = pattern.exec(reason);
    if (match) return t(key, { ...match.groups });
  }
  return reason;
}
