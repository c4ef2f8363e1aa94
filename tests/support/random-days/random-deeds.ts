import type { CallCommand, CallTarget } from '../../../services/agents/call-commands.ts';
import { type AgentId, asId } from '../../../services/events/ids.ts';
import type { PhoneBehaviour } from '../fake-telephony.ts';
import { seededRandom } from '../simulated-time.ts';
import type { Deed, PhoneAct } from './deeds.ts';

export type RandomDay = {
  readonly seed: number;
  readonly lastsMs: number;
  readonly agents: readonly string[];
  /** How many definitions of the centre there are to change between. */
  readonly centres: number;
  /** Whether callers press all that there is, or little more than 0. */
  readonly selfService: boolean;
  /** Numbers outside that our calls may reach. */
  readonly outside: readonly string[];
  readonly queues: readonly string[];
};

/**
 * How busy each hour is, from the day's first, at nine: two rush hours, in which all that people do comes as thick as it can be
 * followed, a working day around them, and a night with hardly anybody. Faults come at all hours alike.
 */
const busy = [
  1, 0.4, 0.2, 0.1, 0.1, 0.2, 1, 0.4, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.02, 0.02, 0.02, 0.02, 0.02, 0.05,
  0.1, 0.1, 0.2,
];
const hourMs = 3_600_000;

/** Whatever may happen in a day, at random, in the order in which it happens: the same seed gives the same day. */
export function randomDeeds(day: RandomDay): Deed[] {
  const random = seededRandom(day.seed * 7919);
  const chance = {
    random,
    pick: <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T,
    exponential: (meanMs: number) => -Math.log(1 - random()) * meanMs,
  };
  const deeds: Deed[] = [];
  /** Again and again, less often when the centre is quiet. */
  const every = (meanMs: number, act: (at: number) => void, rates: readonly number[] = busy) => {
    for (let at = chance.exponential(meanMs); at < day.lastsMs; ) {
      act(at);
      at += chance.exponential(meanMs / (rates[Math.floor(at / hourMs) % rates.length] ?? 1));
    }
  };
  every(12_000, (at) => deeds.push(caller(day, chance, at)));
  for (const agent of day.agents) every(75_000, (at) => deeds.push(...agentDoes(day, chance, at, agent)));
  for (const agent of day.agents) every(40_000, (at) => deeds.push(atTheDesk(day, chance, at, agent)));
  every(5 * 60_000, (at) => deeds.push(...networkDoes(day, chance, at)), [1]);
  if (day.selfService) every(120_000, (at) => deeds.push(...leadDoes(day, chance, at)));
  every(60_000, (at) =>
    deeds.push({
      at,
      do: 'outside-behaves',
      number: chance.pick(day.outside),
      behaviour: behaviour(chance),
    }),
  );
  return deeds.sort((a, b) => a.at - b.at);
}

type Chance = {
  random: () => number;
  pick: <T>(list: readonly T[]) => T;
  exponential: (meanMs: number) => number;
};

function caller(day: RandomDay, { random, pick, exponential }: Chance, at: number): Deed {
  const keys: [number, string][] = [];
  const [pressed, presses] = day.selfService
    ? ([[...'0123456789*#', '2', '12345#', '1234', '212345#'], 12] as const)
    : ([['0', '0', '1', '9', '*', '7'], 4] as const);
  for (let after = exponential(4_000), n = 0; n < presses; n++, after += exponential(5_000))
    for (const [index, key] of [...pick(pressed)].entries())
      keys.push([Math.round(after + index * 300), key]);
  const leavesAfterMs = Math.round(exponential(120_000));
  return {
    at: Math.round(at),
    do: 'caller',
    from: random() < 0.7 ? pick(day.outside) : '13800138000',
    number: pick(['95598', '95598', '10050', '12345']),
    keys: keys.filter(([after]) => after < leavesAfterMs),
    leavesAfterMs,
    vanishes: random() < 0.1,
  };
}

function behaviour({ random, pick, exponential }: Chance): PhoneBehaviour {
  const r = random();
  const ms = (mean: number) => Math.round(exponential(mean));
  if (r < 0.7) return { answerAfterMs: ms(4_000), hangUpAfterMs: ms(90_000) };
  if (r < 0.78) return { declineAfterMs: ms(2_000), as: pick(['declined', 'busy'] as const) };
  if (r < 0.84) return { silent: true };
  if (r < 0.9) return { mute: true };
  if (r < 0.92) return { inUse: true };
  return r < 0.97 ? { unreachable: true } : { answerAfterMs: 0 };
}

function agentDoes(day: RandomDay, chance: Chance, when: number, agent: string): Deed[] {
  const { random, pick } = chance;
  const at = Math.round(when);
  const phone = (act: PhoneAct): Deed => ({ at, do: 'phone', agent, act });
  const first: Deed = { at, do: 'phone-behaves', agent, behaviour: behaviour(chance) };
  const r = random();
  if (r < 0.42)
    return [first, phone('registers'), { at, do: 'agent-wants', agent, intent: { kind: 'ready' } }];
  if (r < 0.52)
    return [first, { at, do: 'agent-wants', agent, intent: { kind: 'not-ready', reason: 'break' } }];
  if (r < 0.57) return [first, { at, do: 'agent-wants', agent, intent: { kind: 'signed-out' } }];
  if (r < 0.62) return [first, phone('vanishes')];
  if (r < 0.67) return [first, phone('unregisters')];
  if (r < 0.72) return [first, phone('hangsUp')];
  if (r < 0.8) return [first, phone('holds')];
  if (r < 0.88) return [first, phone('resumes')];
  if (r < 0.9) return [first, { at, do: 'more-wrap-up', agent, byMs: 5_000 }];
  if (r < 0.94) {
    const number = pick([pick(day.agents), pick(day.agents), pick(day.queues), pick(day.outside), '9', null]);
    return [first, { at, do: 'transfer-key', agent, number }];
  }
  return [
    first,
    {
      at,
      do: 'agent-dials',
      agent,
      number: pick(['*11', '*12', '*10', '95598', pick(day.agents), pick(day.outside)]),
    },
  ];
}

/** Whether or not it makes sense: most of it is refused, as the agent is in no call. */
function atTheDesk(day: RandomDay, { random, pick }: Chance, when: number, who: string): Deed {
  const agent = asId<AgentId>(who);
  const r = random();
  const to: CallTarget =
    r < 0.5
      ? { kind: 'agent', agent: asId(pick(day.agents)) }
      : r < 0.75
        ? { kind: 'queue', queue: asId(pick(day.queues)) }
        : { kind: 'outside', number: pick(day.outside) };
  const control = pick<CallCommand>([
    { agent, kind: 'hold', reason: 'checking', promisedMs: 30_000 },
    { agent, kind: 'resume' },
    { agent, kind: 'transfer', to, reason: 'by chance' },
    { agent, kind: 'consult', to, reason: 'by chance' },
    { agent, kind: 'consult', to, reason: 'by chance' },
    { agent, kind: 'swap' },
    { agent, kind: 'conference' },
    { agent, kind: 'complete-transfer' },
    { agent, kind: 'end-consult' },
    { agent, kind: 'dial', number: pick([pick(day.outside), pick(day.agents)]), hotline: asId('95598') },
    { agent, kind: 'hang-up' },
  ]);
  return { at: Math.round(when), do: 'call-control', control };
}

function leadDoes(day: RandomDay, { random, pick, exponential }: Chance, when: number): Deed[] {
  const at = Math.round(when);
  const deeds: Deed[] = [
    { at, do: 'sources-take', ms: Math.round(exponential(800)) },
    { at, do: 'switch', name: pick(['emergency-closed', 'surge']), on: random() < 0.3 },
  ];
  if (random() < 0.1) deeds.push({ at, do: 'callback-taken-back' });
  if (random() < 0.2) deeds.push({ at, do: 'reserve', queue: pick(day.queues), on: random() < 0.5 });
  return deeds;
}

function networkDoes(day: RandomDay, { random, pick, exponential }: Chance, when: number): Deed[] {
  const at = Math.round(when);
  const ms = (mean: number) => Math.round(exponential(mean));
  const deeds: Deed[] = [];
  if (random() < 0.3) deeds.push({ at, do: 'clock-jumps', ms: pick([-3_600_000, 3_600_000, -2_000, 2_000]) });
  const r = random();
  if (r < 0.2) deeds.push({ at, do: 'asterisk-restarts' });
  else if (r < 0.55)
    deeds.push({
      at,
      do: 'controller-killed',
      muteMs: random() < 0.5 ? ms(20) : null,
      awayMs: ms(3_000),
      centre: random() < 0.4 ? Math.floor(random() * day.centres) : 0,
    });
  else if (r < 0.65) deeds.push({ at, do: 'controller-stands-still', ms: ms(5_000) });
  // Mostly for seconds; sometimes for so long that its calls are written off; and sometimes it died meanwhile.
  else
    deeds.push({
      at,
      do: 'connection-lost',
      awayMs: ms(random() < 0.8 ? 3_000 : 600_000),
      died: random() < 0.2,
    });
  return deeds;
}
