import type { TFunction } from 'i18next';

/** The router's reasons as `services/routing/reasons.ts` words them: a choice, of how many, having what; then the overflow step. */
const choice =
  /^(longest idle|next in turn|rings all|fewest calls \((\d+)\)|best at (.+?) \((\d)\))(?: who knows (.+?),)? of (\d+)(?: with (.+))?$/;
const afterTime = /^overflow step (\d+) after ([\d.]+) s$/;
const withWaiting = /^overflow step (\d+) with (\d+) waiting$/;
const waitedFor = /^waited (\d+) s for (.+), who last helped this caller$/;
const onTo = /^on to (\S+)$/;
const hindrance = /^(\S+) is (full|closed)$/;

/** @returns null for words that are not the router's */
export function routerReason(reason: string, t: TFunction): string | null {
  const parts = reason.split('; ').map((part) => partText(part, t));
  return parts.includes(null) ? null : parts.join(t('because.and'));
}

function partText(part: string, t: TFunction): string | null {
  if (part === 'last helped this caller') return t('because.lastHelped');
  if (part === 'of the reserve') return t('because.ofReserve');
  const waited = waitedFor.exec(part);
  if (waited) return t('because.waitedFor', { seconds: waited[1], agent: waited[2] });
  const onwards = onTo.exec(part);
  if (onwards) return t('because.onTo', { target: onwards[1] });
  const barred = hindrance.exec(part);
  if (barred) return t(`because.${barred[2] === 'full' ? 'isFull' : 'isClosed'}`, { queue: barred[1] });
  const time = afterTime.exec(part);
  if (time) return t('because.stepAfter', { step: time[1], seconds: time[2] });
  const line = withWaiting.exec(part);
  if (line) return t('because.stepWaiting', { step: line[1], waiting: line[2] });
  const found = choice.exec(part);
  return found === null ? null : choiceText(found, t);
}

function choiceText(
  [, words = '', calls, skill, level, knows, count, needs]: string[],
  t: TFunction,
): string {
  const how = howText(words, { calls, skill, level }, t);
  const who = [
    ...(knows === undefined ? [] : [t('because.whoKnows', { skill: knows })]),
    ...(needs === undefined ? [] : [t('because.having', { needs })]),
    t('because.ofFree', { count }),
  ];
  return `${how}${t('because.among', { who: who.join(t('because.comma')) })}`;
}

function howText(
  words: string,
  values: { calls: string | undefined; skill: string | undefined; level: string | undefined },
  t: TFunction,
): string {
  if (words === 'longest idle') return t('because.longestIdle');
  if (words === 'next in turn') return t('because.nextInTurn');
  if (words === 'rings all') return t('because.ringsAll');
  if (values.calls !== undefined) return t('because.fewestCalls', { calls: values.calls });
  return t('because.bestAt', { skill: values.skill ?? '', level: values.level ?? '' });
}
