import type { CallTargetBody } from '../../../services/adapters/http/contract/call-control.ts';
import type { LiveSnapshot } from '../../../services/adapters/http/contract/live.ts';
import type { UiLanguage } from '../../shared/i18n.ts';

/** What people call whoever is rung, asked, or passed on to. */
export type PartyName = (party: CallTargetBody) => string;

export const partyName =
  ({ agents, queues }: Pick<LiveSnapshot, 'agents' | 'queues'>, language: UiLanguage): PartyName =>
  (party) => {
    switch (party.kind) {
      case 'agent':
        return `${agents.find(({ agent }) => agent === party.agent)?.name ?? ''} ${party.agent}`.trim();
      case 'queue':
        return queues.find(({ queue }) => queue === party.queue)?.name[language] ?? party.queue;
      case 'outside':
        return party.number;
      default:
        return party satisfies never;
    }
  };
