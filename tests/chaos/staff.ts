import type { HotlineAtWork } from '../support/hotline-at-work.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import { pause, until } from '../support/until.ts';
import { planFor } from './traffic.ts';

/** One ring of one phone and what followed, by the phone's own log. Times in epoch ms. */
export type Served = {
  agent: string;
  /** The caller's number, as the phone showed it. */
  caller: string;
  rangAt: number;
  pickedUpAt: number | null;
  /** When the call stood: our answer was acknowledged. */
  talksAt: number | null;
  /** When this phone was in it no more; null while it is. */
  overAt: number | null;
  how: 'agent' | 'other side' | 'declined' | 'cancelled' | null;
};

/** Agents who work by themselves until told to go home, and someone who sends them back to work after a missed ring. */
export type Staff = {
  readonly phones: readonly SipPhone[];
  /** All rings so far, in order. */
  served(): Served[];
  /** Rings that a phone refused by itself, as it was in use. */
  refusedAsBusy(): { agent: string; caller: string; at: number }[];
  /** No phone is in a call any more. */
  settled(withinMs: number): Promise<void>;
  /** The lead goes home. */
  stop(): Promise<void>;
};

export async function startStaff(
  hotline: HotlineAtWork,
  ids: readonly string[],
  seed: number,
): Promise<Staff> {
  const timesRung = new Map<string, number>();
  const troubles: unknown[] = [];
  const onRinging = (phone: SipPhone): void => {
    const caller = phone.log.findLast(({ what }) => what === 'rings')?.from ?? '';
    const nth = timesRung.get(caller) ?? 0;
    timesRung.set(caller, nth + 1);
    act(phone, planFor(seed, caller, nth)).catch((error: unknown) => troubles.push(error));
  };
  const phones = await Promise.all(
    ids.map((id) => hotline.phones.phone({ ...hotline.account(id), audio: false, onRinging })),
  );
  await Promise.all(ids.map((id) => hotline.makeAvailable(id)));
  const lead = keepAtWork(hotline, new Set(ids));
  return {
    phones,
    served: () => phones.flatMap(servedBy).sort((a, b) => a.rangAt - b.rangAt),
    refusedAsBusy: () =>
      phones.flatMap(({ user: agent, log }) =>
        log.flatMap(({ what, at, from = '' }) => (what === 'is busy' ? [{ agent, at, caller: from }] : [])),
      ),
    async settled(withinMs) {
      const busy = () =>
        phones.filter(({ state }) => state !== 'idle').map(({ user, log }) => ({ user, log }));
      await until('all phones to be idle', () => busy().length === 0, {
        withinMs,
        everyMs: 50,
        seen: () => JSON.stringify(busy().slice(0, 3)),
      });
      if (troubles.length > 0) throw troubles[0];
    },
    stop: () => lead.stop(),
  };
}

async function act(phone: SipPhone, plan: ReturnType<typeof planFor>): Promise<void> {
  const ring = phone.ringCount;
  if (plan.kind === 'misses') return;
  await pause(plan.afterMs);
  // The caller may have left meanwhile, and the next one may even be ringing.
  if (phone.state !== 'ringing' || phone.ringCount !== ring) return;
  if (plan.kind === 'declines') return phone.decline();
  phone.answerNow();
  const { hangsUpAfterMs } = plan;
  const inThisCall = () => phone.state === 'talking' && phone.ringCount === ring;
  const over = () => phone.ringCount !== ring || phone.state === 'idle';
  await until(`phone ${phone.user} to talk or to be left`, () => inThisCall() || over(), {
    withinMs: 40_000,
  });
  if (hangsUpAfterMs === undefined) return;
  await pause(hangsUpAfterMs);
  if (inThisCall()) await phone.hangUp();
}

/** A lead who looks every now and then who was made not ready by a missed ring; what fails while nobody answers is tried again. */
function keepAtWork(hotline: HotlineAtWork, ids: ReadonlySet<string>): { stop(): Promise<void> } {
  let working = true;
  const work = (async () => {
    while (working) {
      try {
        for (const { agent, state } of (await hotline.live()).agents)
          if (state === 'not-ready' && ids.has(agent))
            await hotline.lead.send('PUT', `agents/${agent}/state`, { state: 'available' });
      } catch {
        // The controller is away.
      }
      await pause(300);
    }
  })();
  return {
    stop: () => {
      working = false;
      return work;
    },
  };
}

/** The phone's log as rings. */
export function servedBy(phone: SipPhone): Served[] {
  const all: Served[] = [];
  for (const { at, what, from = '' } of phone.log) {
    const last = all.at(-1);
    if (what === 'rings') {
      all.push({
        agent: phone.user,
        caller: from,
        rangAt: at,
        pickedUpAt: null,
        talksAt: null,
        overAt: null,
        how: null,
      });
    } else if (last && last.overAt === null) {
      if (what === 'picks up') last.pickedUpAt = at;
      else if (what === 'talks') last.talksAt = at;
      else {
        const how = endings[what];
        if (how === undefined) continue;
        last.overAt = at;
        last.how = how;
      }
    }
  }
  return all;
}

const endings: Readonly<Record<string, NonNullable<Served['how']>>> = {
  'hangs up': 'agent',
  'other side hung up': 'other side',
  'declines 486': 'declined',
  'was cancelled': 'cancelled',
};
