import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { currentLanguage } from '../shared/i18n.ts';
import type { Names } from './describe-event.ts';

/** What people call queues and agents, in the language of the screen. */
export function namesOf(snapshot: LiveSnapshot | null): Names {
  const language = currentLanguage();
  const queues = new Map(snapshot?.queues.map((queue) => [queue.queue, queue.name[language]]));
  const agents = new Map(snapshot?.agents.map((agent) => [agent.agent, `${agent.name} ${agent.agent}`]));
  return {
    queue: (id) => queues.get(id) ?? id,
    agent: (id) => agents.get(id) ?? id,
  };
}
