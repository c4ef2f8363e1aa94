import type { TFunction } from 'i18next';
import type { LiveCallView } from '../../services/adapters/http/contract/live.ts';

/** What an agent does with a call beside speaking with the caller: asks, is asked, all three, passed on; null when nothing of it. */
export function doingText(agent: string, call: LiveCallView, t: TFunction): string | null {
  const { consult, passing } = call;
  if (consult !== null) {
    const party = consult.party.kind === 'agent' ? consult.party.agent : consult.party.number;
    const other = consult.by === agent ? party : consult.by;
    if (!consult.answered) return t(consult.by === agent ? 'doing.asks' : 'doing.asked', { other });
    if (consult.speaksWith === 'all') return t('doing.all', { other });
    return t(consult.by === agent ? 'doing.consults' : 'doing.advises', { other });
  }
  if (passing === null) return null;
  if (passing.by !== agent) return t('doing.passedBy', { other: passing.by });
  return passing.comesBack ? t('doing.comesBack') : null;
}
