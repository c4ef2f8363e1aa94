import type { Logger } from 'pino';
import { type Ami, createAmi } from '../../services/adapters/ami/ami.ts';
import { rest } from './launch.ts';
import { type ListenTimes, listenForController } from './listen-for-controller.ts';
import { strandedIn } from './stranded.ts';

export type WatchdogOptions = {
  /** Where the controller says that it lives, and whether it has Asterisk: its `/readyz`. */
  readonly readyUrl: string;
  readonly ami: { readonly port: number; readonly user: string; readonly password: string };
  readonly log: Logger;
  /** One line for a person. */
  readonly report: (line: string) => void;
  /** Whether another home's controller acts: its callers are left to it. Asked only when the one here is away. */
  readonly servedElsewhere?: () => Promise<boolean>;
  /** Watches until this fires. */
  readonly until: AbortSignal;
  readonly times?: Partial<WatchdogTimes>;
};

export type WatchdogTimes = ListenTimes & {
  /** How often callers are looked for while it is away: some still get into its application when it hangs, not died. */
  readonly rescueEveryMs: number;
};

/** An ordinary restart takes 3 to 5 s. */
const usualTimes: WatchdogTimes = {
  awayAfterMs: 8_000,
  askEveryMs: 1_000,
  answerWithinMs: 4_000,
  rescueEveryMs: 2_000,
};

/**
 * Looks after the controller's callers while no controller answers, or it has lost the Asterisk that we reach: whoever is in its hands and not in a conversation is sent to
 * the dialplan's fallback, where Asterisk's own queues connect them; phones that ring for them are freed. Conversations go on
 * untouched. Ends what it does as soon as the controller answers again; callers in the fallback stay there.
 *
 * A caller whose agent hangs up meanwhile is sent to the fallback too: that the agent was lost, and not done, cannot be told apart.
 * @returns when `until` has fired and nothing of it is left.
 */
export async function watchController(options: WatchdogOptions): Promise<void> {
  const { log, until } = options;
  const times = { ...usualTimes, ...options.times };
  const answers = listenForController(options.readyUrl, times, until);
  /** Since when Asterisk answers us. */
  let reachedAtMs = Number.POSITIVE_INFINITY;
  const ami = createAmi({
    ...options.ami,
    log,
    events: [],
    onEvent: () => undefined,
    onUp: async () => {
      reachedAtMs = performance.now();
    },
    onDown: () => {
      reachedAtMs = Number.POSITIVE_INFINITY;
    },
  });
  ami.start();
  /** The controller has lost Asterisk and we have not: whoever waits for it waits in vain. */
  const deafMs = () => Math.min(answers.deafMs(), performance.now() - reachedAtMs);
  let away = false;
  let rescuedAtMs = Number.NEGATIVE_INFINITY;
  while (!until.aborted) {
    await rest(Math.min(times.askEveryMs, times.rescueEveryMs) / 2, until);
    if (until.aborted) break;
    const awayMs = Math.max(answers.silentMs(), deafMs());
    const silentMs = awayMs > times.awayAfterMs && (await servedElsewhere(options)) ? 0 : awayMs;
    if (away !== silentMs > times.awayAfterMs) {
      away = !away;
      if (away)
        log.error(
          { silentMs },
          'the controller does not answer, or has lost Asterisk: callers go to the fallback',
        );
      else {
        log.warn('the controller answers again');
        await tellDialplan(ami, 0, log);
      }
      options.report(
        away
          ? '! the controller does not answer; callers are connected by Asterisk alone'
          : '✓ the controller answers again',
      );
    }
    if (!away || performance.now() - rescuedAtMs < times.rescueEveryMs) continue;
    // It may have come back this very moment: whoever it serves by now is not to be taken from it.
    await answers.askNow(lastQuestionMs);
    if (Math.max(answers.silentMs(), deafMs()) <= times.awayAfterMs) continue;
    rescuedAtMs = performance.now();
    await tellDialplan(ami, Date.now() + knownAwayForMs, log);
    // One sweep at a time: the next one sees what this one did.
    await rescue(ami, log);
  }
  await ami.stop();
}

async function servedElsewhere({ servedElsewhere: ask, log }: WatchdogOptions): Promise<boolean> {
  try {
    return (await ask?.()) ?? false;
  } catch (error) {
    // Postgres is away too: callers are served, whoever else may mean to.
    log.warn({ err: error }, 'not known whether another controller acts');
    return false;
  }
}

/** How long the last question before callers are taken waits for its answer. */
const lastQuestionMs = 500;

/** How long new callers are spared the wait for a controller, unless we say so again: should we die ourselves, it passes. */
const knownAwayForMs = 10_000;

/** Until when new callers need not wait for the controller to come back (`[arrived]` in dialplans/asterisk/extensions.conf). */
async function tellDialplan(ami: Ami, awayUntil: number, log: Logger): Promise<void> {
  const value = String(Math.ceil(awayUntil / 1_000));
  try {
    await ami.action({ action: 'Setvar', Variable: 'HOTLINE_AWAY_UNTIL', Value: value });
  } catch (error) {
    // They are served all the same, some seconds later.
    log.warn({ err: error }, 'Asterisk could not be told whether the controller is away');
  }
}

/** Sends everyone who is stranded where they will be served. Whatever fails is found again by the next round. */
async function rescue(ami: Ami, log: Logger): Promise<void> {
  try {
    const { callers, phones } = strandedIn(await ami.list({ action: 'CoreShowChannels' }));
    // One after another, so that they come to the queue in the order they came to us.
    for (const channel of callers) {
      const to = { Context: 'fallback', Exten: 's', Priority: '1' };
      await attempt(() => ami.action({ action: 'Redirect', Channel: channel, ...to }));
    }
    for (const channel of phones) await attempt(() => ami.action({ action: 'Hangup', Channel: channel }));
    if (callers.length + phones.length > 0) log.warn({ callers, phones }, 'stranded: sent to the fallback');
  } catch (error) {
    log.error({ err: error }, 'stranded callers cannot be looked for');
  }

  async function attempt(act: () => Promise<unknown>): Promise<void> {
    // Most likely it has hung up since it was listed.
    await act().catch((error: unknown) => log.warn({ err: error }, 'a stranded channel could not be moved'));
  }
}
