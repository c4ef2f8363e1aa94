import { seeded } from '../support/caller.ts';
import type { RobotPlan } from '../support/robot-agents.ts';
import type { ScriptStep } from '../support/sipp-call.ts';

/** What a caller does; everyone's number is `numberOf(index)`, so that telephones and records can be joined. */
export type ChaosCaller = { kind: CallerKind; script: ScriptStep[] };
export type CallerKind =
  | 'leaves in the greeting'
  | 'leaves right after the key'
  | 'leaves at the turn'
  | 'hangs up some time later'
  | 'stays';

/** An agent's way with a ring: as a robot's, or lets it ring out. */
export type ChaosPlan = RobotPlan | { kind: 'misses' };

/** A call that is answered late, as nobody was there, is answered all the same. */
const ANSWER: ScriptStep = { answer: true, withinMs: 90_000 };
const PERSON: ScriptStep = { dtmf: '0' };
/** Who pressed the key while nobody listened hears the menu again, and presses it again. While waiting it means nothing. */
const againEveryMs = 7_000;

/** `count` callers, the same for the same seed. */
export function callersOf(seed: number, count: number): ChaosCaller[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => callerOf(random));
}

function callerOf(random: () => number): ChaosCaller {
  const upTo = (ms: number) => Math.round(random() * ms);
  const dice = random();
  const thinks: ScriptStep = { wait: upTo(2_500) };
  if (dice < 0.1) return { kind: 'leaves in the greeting', script: [ANSWER, { hangUpAfterMs: upTo(4_000) }] };
  if (dice < 0.2)
    return {
      kind: 'leaves right after the key',
      script: [ANSWER, thinks, PERSON, { hangUpAfterMs: upTo(3_000) }],
    };
  if (dice < 0.35)
    return {
      kind: 'leaves at the turn',
      script: [ANSWER, thinks, PERSON, { hangUpAfterMs: 2_000 + upTo(6_000) }],
    };
  if (dice < 0.55)
    return {
      kind: 'hangs up some time later',
      script: [ANSWER, thinks, PERSON, { wait: againEveryMs }, PERSON, { hangUpAfterMs: upTo(20_000) }],
    };
  const presses = Array.from({ length: 4 }, () => [PERSON, { wait: againEveryMs }]).flat();
  return { kind: 'stays', script: [ANSWER, thinks, ...presses, { untilBye: true, withinMs: 240_000 }] };
}

/** What the agent does whose phone rings for this caller for the nth time: the same for the same seed, whoever it is. */
export function planFor(seed: number, caller: string, nth: number): ChaosPlan {
  const random = seeded(seed * 31 + Number(caller.slice(-8)) * 7 + nth);
  random();
  const dice = random();
  const afterMs = Math.round(random() * 1_500);
  // Nobody is refused for ever.
  if (nth === 0 && dice < 0.05) return { kind: 'declines', afterMs };
  if (nth === 0 && dice < 0.08) return { kind: 'misses' };
  const hangsUpAfterMs = 300 + Math.round(random() * 6_000);
  return { kind: 'answers', afterMs, hangsUpAfterMs };
}
