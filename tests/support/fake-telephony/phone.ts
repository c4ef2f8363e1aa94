import type { AgentId, LegId } from '../../../services/events/ids.ts';
import type { Device } from '../../../services/events/vocabulary.ts';
import type { FakeAsterisk, PhoneState } from './asterisk.ts';
import { phoneAnswers, phoneDeclines } from './ringing.ts';
import type { Leg, PhoneBehaviour } from './types.ts';

/** An agent's phone in the hands of a test. What does not apply (answering when nothing rings) does nothing. */
export type FakePhone = {
  registers(): void;
  unregisters(): void;
  behaves(behaviour: PhoneBehaviour): void;
  answers(): void;
  declines(as?: 'declined' | 'busy'): void;
  hangsUp(): void;
  /** Power cut: no BYE, no answer; the registration lapses and an up leg ends for lack of sound. */
  vanishes(): void;
  holds(): void;
  resumes(): void;
  /** The transfer key, and a number; or, null, another call of the phone that is none of ours. */
  asksTransfer(number: string | null): void;
  /** What it heard of that. */
  transfer(): PhoneState['transfer'];
  /** The leg on the phone, ringing or up. */
  leg(): LegId | null;
};

/** Noticing that a phone is gone takes Asterisk's qualify a while. */
const unreachableNoticedAfterMs = 3_000;

export function fakePhone(asterisk: FakeAsterisk, agent: AgentId, device: Device): FakePhone {
  const state = stateOf(asterisk, agent, device);
  const tellPhones = (afterMs: number) => {
    asterisk.scheduler.schedule(afterMs, () => {
      asterisk.outbox.later(1, { kind: 'phones', agent, devices: asterisk.devicesOf(agent) });
    });
  };
  const current = (): Leg | null => {
    const leg = state.leg === null ? undefined : asterisk.legs.get(state.leg);
    return leg && !leg.vanished ? leg : null;
  };
  const whenUp = (act: (leg: Leg) => void) => {
    const leg = current();
    if (leg?.state === 'up') act(leg);
  };
  const register = (registered: boolean, noticedAfterMs: number) => {
    if (state.registered === registered) return;
    state.registered = registered;
    tellPhones(noticedAfterMs);
  };
  return {
    registers: () => register(true, 1),
    unregisters: () => register(false, 1),
    behaves: (behaviour) => {
      state.behaviour = behaviour;
    },
    answers: () => {
      const leg = current();
      if (leg) phoneAnswers(asterisk, leg);
    },
    declines: (as = 'declined') => {
      const leg = current();
      if (leg) phoneDeclines(asterisk, leg, as);
    },
    hangsUp: () => whenUp((leg) => asterisk.end(leg, 'normal')),
    vanishes: () => {
      const leg = current();
      if (leg) asterisk.vanish(leg);
      state.leg = null;
      register(false, unreachableNoticedAfterMs);
    },
    holds: () => whenUp((leg) => asterisk.outbox.tell(leg.id, { kind: 'leg-held', legId: leg.id })),
    resumes: () => whenUp((leg) => asterisk.outbox.tell(leg.id, { kind: 'leg-resumed', legId: leg.id })),
    asksTransfer: (number) =>
      whenUp((leg) => {
        state.transfer = 'waits';
        const to =
          number === null ? ({ kind: 'other-call' } as const) : ({ kind: 'number', number } as const);
        asterisk.outbox.tell(leg.id, { kind: 'transfer-asked', legId: leg.id, to });
      }),
    transfer: () => state.transfer,
    leg: () => state.leg,
  };
}

function stateOf(asterisk: FakeAsterisk, agent: AgentId, device: Device): PhoneState {
  const key = `${agent}/${device}`;
  const known = asterisk.phones.get(key);
  if (known) return known;
  const state: PhoneState = {
    agent,
    device,
    registered: false,
    behaviour: { silent: true },
    leg: null,
    transfer: null,
  };
  asterisk.phones.set(key, state);
  return state;
}
