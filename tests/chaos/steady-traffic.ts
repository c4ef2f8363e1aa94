import type { CallOutcome } from '../support/call-outcome.ts';
import { seeded } from '../support/caller.ts';
import type { HotlineAtWork } from '../support/hotline-at-work.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { ScriptStep } from '../support/sipp-call.ts';
import { pause, until } from '../support/until.ts';

/** Longer than any outage made here together with SIP's own retransmissions. */
const patientMs = 90_000;

/** How long phones ring where that is not the matter: an agent who answers a second late on a machine that stood still has missed nothing. */
export const patientRingSeconds = 10;

export type SteadyTrafficOptions = {
  seed: number;
  agents: readonly string[];
  calls: number;
  callsPerSecond: number;
};

export type SteadyTraffic = {
  /** What every caller's telephone saw; resolves when all are over and all agents' phones are idle. */
  over(): Promise<CallOutcome[]>;
  /** How often an agent's phone talked so far. */
  talks(): number;
};

/** Set it to a seed that was printed, to have the same people again. */
export const chaosSeed = (): number => Number(process.env.HOTLINE_TEST_SEED ?? Date.now() % 1_000_000);

/** Callers who come one after another, and agents who serve them, whatever hangs or is cut off meanwhile. */
export async function startSteadyTraffic(
  hotline: HotlineAtWork,
  { seed, agents, calls, callsPerSecond }: SteadyTrafficOptions,
): Promise<SteadyTraffic> {
  console.info(`seed ${seed} (HOTLINE_TEST_SEED=${seed} repeats these people)`);
  const random = seeded(seed);
  const scripts = Array.from({ length: calls }, () => scriptOf(random));
  const onRinging = (phone: SipPhone) => void serve(phone, 200 + random() * 800, 1_000 + random() * 3_000);
  const phones: SipPhone[] = [];
  for (const id of agents)
    phones.push(await hotline.phones.phone({ ...hotline.account(id), audio: false, onRinging }));
  for (const id of agents) await hotline.makeAvailable(id);
  const load = hotline.phones.load({
    calls,
    ratePerSecond: callsPerSecond,
    to: '95598',
    withinMs: (calls / callsPerSecond) * 1_000 + 2 * patientMs,
    script: (index) => scripts[index] ?? [],
  });
  // Judged by `over`; a test that fails before that must not end the whole run.
  load.catch(() => undefined);
  return {
    async over() {
      const outcomes = await load;
      for (const phone of phones) await phone.idle(patientMs);
      return outcomes;
    },
    talks: () => phones.reduce((sum, { log }) => sum + log.filter(({ what }) => what === 'talks').length, 0),
  };
}

/** Who pressed the key while nobody listened hears the menu again, and presses it again. While waiting it means nothing. */
function scriptOf(random: () => number): ScriptStep[] {
  const answer: ScriptStep = { answer: true, withinMs: patientMs };
  const dice = random();
  const thinks: ScriptStep = { wait: Math.round(random() * 2_500) };
  // The end of a script hangs up, and waits for nothing.
  if (dice < 0.15) return [answer, thinks];
  const person: ScriptStep[] = [thinks, { dtmf: '0' }, { wait: 7_000 }];
  if (dice < 0.35) return [answer, ...person, { wait: Math.round(random() * 4_000) }];
  return [answer, ...Array.from({ length: 8 }, () => person).flat(), { untilBye: true, withinMs: patientMs }];
}

/** Answers, talks and hangs up; a caller who is faster is none of the robot's business. */
export async function serve(phone: SipPhone, afterMs: number, talkMs: number): Promise<void> {
  const ring = phone.ringCount;
  await pause(afterMs);
  if (phone.state !== 'ringing' || phone.ringCount !== ring) return;
  phone.answerNow();
  const talks = () => phone.state === 'talking' && phone.ringCount === ring;
  const settled = () => talks() || phone.state === 'idle' || phone.ringCount !== ring;
  await until(`phone ${phone.user} to talk or to be left`, settled, { withinMs: patientMs }).catch(
    // The outage was longer than SIP's patience: the phone gives up as a phone does, and the test sees it not idle.
    () => undefined,
  );
  await pause(talkMs);
  // An Asterisk that hangs confirms it late; who cares is the test, which looks whether the phone is idle.
  if (talks()) await phone.hangUp().catch(() => undefined);
}
