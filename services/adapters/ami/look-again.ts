import type { AgentId } from '../../events/ids.ts';
import type { Ami, Log } from './ami.ts';
import { AmiError } from './message.ts';
import type { Reachability } from './reachability.ts';

/** Longer than `qualify_timeout` in dialplans/asterisk/accounts.yaml: by then a phone that does not answer is known not to. */
const answeredByMs = 4_000;

/**
 * Makes the function that looks again at an agent's phones: each is asked at once (OPTIONS), instead of at the next round of
 * qualifying, and what has become of the contacts is told some seconds later. Until then the agent counts as out of reach, so that
 * a dead phone is not rung again in a tight circle. While AMI is down there is nothing to ask; it reads everything when it is back.
 */
export function createLookAgain(options: {
  ami: Ami;
  phones: Reachability;
  schedule: (ms: number, callback: () => void) => () => void;
  log: Log;
}): (agent: AgentId) => void {
  const { ami, phones, schedule, log } = options;
  const looking = new Set<AgentId>();
  return (agent) => {
    if (looking.has(agent)) return;
    looking.add(agent);
    for (const endpoint of [agent, `${agent}-web`]) {
      ami.action({ action: 'PJSIPQualify', endpoint }).catch((error: unknown) => {
        // Refused: there is no such account.
        if (!(error instanceof AmiError && error.kind === 'refused'))
          log.warn({ err: error, endpoint }, 'phone not asked whether it is there');
      });
    }
    schedule(answeredByMs, () => {
      looking.delete(agent);
      phones
        .read(ami)
        .catch((error: unknown) => log.warn({ err: error }, 'phones could not be looked at again'));
    });
  };
}
