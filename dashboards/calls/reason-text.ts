import type { TFunction } from 'i18next';
import { routerReason } from './router-reason.ts';

/** The reasons the engine gives, as it words them, and how the screens say them. The pattern's group is the text's value. */
type Say = (t: TFunction, value: string) => string;

const patterns: readonly [RegExp, Say][] = [
  [/^the caller left$/, (t) => t('because.callerLeft')],
  [/^the agent hung up$/, (t) => t('because.agentHungUp')],
  [/^the agent was lost: (.+)$/, (t, cause) => t('because.agentLost', { cause })],
  [/^answered too late$/, (t) => t('because.answeredTooLate')],
  [/^rang for too long$/, (t) => t('because.rangTooLong')],
  [/^could not be picked up in time$/, (t) => t('because.notPickedUp')],
  [/^longest call time reached$/, (t) => t('because.longestCall')],
  [/^said goodbye$/, (t) => t('because.saidGoodbye')],
  [/^flow ended at (.+)$/, (t, node) => t('because.flowEnded', { node })],
  [/^feature code (.+)$/, (t, code) => t('because.featureCode', { code })],
  [/^nothing answers to (.*)$/, (t, number) => t('because.nothingAnswers', { number })],
  [/^closing when the connection came back$/, (t) => t('because.closingReconnected')],
  [/^asked again$/, (t) => t('because.askedAgain')],
  [/^max-wait$/, (t) => t('because.maxWait')],
  [/^queue-full$/, (t) => t('because.queueFull')],
  [/^passed on by (.+?): .*$/, (t, agent) => t('because.passedOn', { agent })],
  [/^asked for advice by (.+?): .*$/, (t, agent) => t('because.asked', { agent })],
  [/^back from a transfer: .*$/, (t) => t('because.cameBack')],
  [/^nobody was there for a caller who was passed on$/, (t) => t('because.nobodyThere')],
  [/^the agent who asked has left$/, (t) => t('because.askerLeft')],
  [/^the caller was taken to the fallback$/, (t) => t('whyEnd.taken-to-fallback')],
  [/^advice ended by (.+)$/, (t, agent) => t('because.adviceEnded', { agent })],
  [/^hung up by (.+)$/, (t, agent) => t('because.hungUpBy', { agent })],
  [/^the caller was passed on$/, (t) => t('because.wasPassedOn')],
  [/^left the caller with whom was asked$/, (t) => t('because.leftWithAsked')],
  [/^connect failed$/, (t) => t('because.connectFailed')],
];

/** A reason in the reader's language; one that is not known yet is shown as it was recorded. */
export function reasonText(reason: string, t: TFunction): string {
  for (const [pattern, say] of patterns) {
    const match = pattern.exec(reason);
    if (match) return say(t, match[1] ?? '');
  }
  return routerReason(reason, t) ?? reason;
}
