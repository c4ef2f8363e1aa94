import type { CallTarget } from '../../services/agents/call-commands.ts';
import type { CommandResult } from '../../services/agents/commands.ts';
import type { HoldPromise } from '../../services/events/events.ts';
import { asId, type LegId } from '../../services/events/ids.ts';
import { brokenInvariants } from './invariants.ts';
import { type SimulatedHotline, simulateHotline } from './simulated-hotline.ts';

export const reason = '账单有误';
/** An outside number that the demo centre lets be called. */
export const outsideNumber = '13900139000';

export const colleague = (agent = '1002'): CallTarget => ({ kind: 'agent', agent: asId(agent) });
export const toQueue = (queue: string): CallTarget => ({ kind: 'queue', queue: asId(queue) });
/** What a caller is told when put on hold. */
export const aMoment = { kind: 'hold', reason: 'checking', promisedMs: 30_000 } as const;
export const outside = (number = outsideNumber): CallTarget => ({ kind: 'outside', number });

type Asked =
  | ({ kind: 'hold' } & HoldPromise)
  | { kind: 'resume' | 'swap' | 'conference' | 'complete-transfer' | 'end-consult' | 'hang-up' }
  | { kind: 'transfer' | 'consult'; to: CallTarget; reason: string }
  | { kind: 'dial'; number: string };

/** A caller who talks with 1001, on simulated time; 1002 is signed in as well and rings silently. */
export function controlledCall(options: Parameters<typeof simulateHotline>[0] = {}) {
  const hotline = simulateHotline(options);
  hotline.signIn('1001', { answerAfterMs: 1_000 });
  const caller = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the agent answers');
  hotline.pass(5_000);
  const colleaguePhone = hotline.signIn('1002', { silent: true });
  return { ...inTheHandsOf(hotline, caller), hotline, caller, colleaguePhone };
}

/** What tests do to, and see of, a call. */
export function inTheHandsOf(hotline: SimulatedHotline, caller: LegId) {
  const ask = (what: Asked, agent = '1001'): Promise<CommandResult> =>
    hotline.engine.command({
      kind: 'control-call',
      by: agent,
      control: {
        ...what,
        agent: asId(agent),
        ...(what.kind === 'dial' && { hotline: asId('95598') }),
      } as never,
    });
  const legOf = (agent: string): LegId => {
    const leg = hotline.telephony.phone(agent).leg();
    if (leg === null) throw new Error(`the phone of ${agent} is in no call`);
    return leg;
  };
  const outsideLeg = (number = outsideNumber): LegId => {
    const leg = hotline.telephony.outsideLeg(number);
    if (leg === null) throw new Error(`${number} is not being called`);
    return leg;
  };
  return {
    ask,
    legOf,
    outsideLeg,
    /** Asks, and gives Asterisk the time to do it. */
    async does(what: Asked, agent = '1001') {
      const result = await ask(what, agent);
      if (!result.ok) throw new Error(`${what.kind} was refused: ${result.code}, ${result.message}`);
      hotline.pass(100);
    },
    /** Each of these hears all the others, and nobody else. */
    together: (...legs: LegId[]) =>
      legs.every((leg) => {
        const { music, with: others } = hotline.telephony.hears(leg);
        return (
          !music &&
          others.toSorted().join() ===
            legs
              .filter((one) => one !== leg)
              .toSorted()
              .join()
        );
      }),
    hearsMusic: (leg: LegId) => {
      const { music, with: others } = hotline.telephony.hears(leg);
      return music && others.length === 0;
    },
    call: () => hotline.engine.state.world.calls.get(asId(caller)),
    conversations: () =>
      hotline.of(caller, 'ConversationEnded').map(({ agent, talkMs, holdMs }) => ({ agent, talkMs, holdMs })),
    results: () => [
      ...hotline.of(caller, 'PassOnEnded').map(({ result }) => result),
      ...hotline.of(caller, 'ConsultEnded').map(({ result }) => result),
    ],
    broken: () => brokenInvariants(hotline.engine.state.world, hotline.engine.state.today),
  };
}
