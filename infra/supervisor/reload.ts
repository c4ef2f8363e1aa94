import type { Logger } from 'pino';
import type { Config } from '../../services/config.ts';
import { CentreError } from '../../services/runtime/centre-file.ts';
import type { Secrets } from '../../services/runtime/secrets.ts';
import {
  type AcceptedCentre,
  keepCentre,
  missing,
  readCentre,
  refuseLosses,
} from '../parts/accepted-centre.ts';
import { sipObjects } from '../parts/asterisk-accounts.ts';
import { accountsOfCentre, ensureCredentials } from '../parts/credentials.ts';
import type { SipAccounts } from '../parts/sip-accounts.ts';

export type ReloadOptions = {
  readonly config: Config;
  readonly secrets: Secrets;
  /** What the service works with at present. */
  readonly centre: AcceptedCentre;
  readonly accounts: SipAccounts;
  /** Ends and starts the controller; returns when it is healthy. */
  readonly restartController: () => Promise<void>;
  readonly log: Logger;
  /** What a person is to read: a line, or several. */
  readonly report: (line: string) => void;
};

/**
 * Brings an edited centre into the running service: its agents' passwords and SIP accounts, then the controller, which reads it
 * anew. Asterisk is not restarted and conversations go on. A centre that is not right is refused, and everything stays as it was.
 * @returns asks for one reload. Asked again during a reload, one more follows it; never two at once.
 */
export function createReload(options: ReloadOptions): () => void {
  let { centre } = options;
  let asked = false;
  let working = false;
  const work = async (): Promise<void> => {
    while (asked) {
      asked = false;
      centre = await reload(options, centre);
    }
    working = false;
  };
  return () => {
    asked = true;
    if (working) return;
    working = true;
    void work();
  };
}

/** One reload; never rejects. Returns what the service works with afterwards. */
async function reload(options: ReloadOptions, before: AcceptedCentre): Promise<AcceptedCentre> {
  const { log, report, restartController } = options;
  let next: AcceptedCentre;
  try {
    next = await accept(options, before);
  } catch (error) {
    const problems = error instanceof CentreError ? error.problems : [messageOf(error)];
    log.error({ problems, err: error }, 'reload refused');
    // In one piece: who reads along takes the first line for the end of it.
    report(
      ['! reload refused, everything stays as it was:', ...problems.map((one) => `  ${one}`)].join('\n'),
    );
    return before;
  }
  const added = missing(next.agents, before.agents);
  const removed = missing(before.agents, next.agents);
  const change = [...added.map((agent) => `+${agent}`), ...removed.map((agent) => `-${agent}`)].join(' ');
  try {
    await restartController();
    log.info({ added, removed }, 'centre reloaded');
    report(`✓ centre reloaded (agents: ${change || 'the same'})`);
  } catch (error) {
    log.error({ added, removed, err: error }, 'the centre is taken over, but the controller did not restart');
    report(`! centre taken over (agents: ${change || 'the same'}), but ${messageOf(error)}`);
  }
  return next;
}

/** Everything but the controller. @throws when the centre is refused or cannot be brought; then nothing has changed. */
async function accept(options: ReloadOptions, before: AcceptedCentre): Promise<AcceptedCentre> {
  const { config, secrets, accounts } = options;
  const next = readCentre(config);
  refuseLosses(config.centreFile, before, next);
  // Passwords are only added: those of a centre that fails further on do no harm.
  const { sip } = ensureCredentials(config, secrets, next);
  keepCentre(config.homeDir, next);
  try {
    await accounts.change(sipObjects(config, accountsOfCentre(sip, next.agents)));
  } catch (error) {
    keepCentre(config.homeDir, before);
    throw error;
  }
  return next;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
