import type { SipPhone } from '../support/sip-phone.ts';
import { Telephones } from '../support/telephones.ts';
import { toneStartMs } from '../support/tone.ts';
import { until } from '../support/until.ts';
import { numberOf } from './bench-centre.ts';
import type { Benchmark } from './figure.ts';
import type { HotlineUnderLoad } from './hotline-under-load.ts';
import { quantile, rounded, spread } from './statistics.ts';

const callerHz = 450;
const agentHz = 650;
/** The test tools fall silent this long after a key before they call it said. */
const keyGapMs = 60;

/**
 * One conversation after the other, each on real sound: from the agent's pick-up (200 OK leaves the phone) until each side
 * hears the other's tone, which is the most that either can have missed; and from the end of the caller's key to what follows.
 */
export const answer: Benchmark = async ({ quick, hotline: shared, say }) => {
  const hotline = await shared();
  const agents = hotline.agents.slice(0, 2);
  const phones = await hotline.phones(agents, { toneHz: agentHz });
  const telephones = new Telephones(hotline.tools, hotline.sipPort);
  const samples: Awaited<ReturnType<typeof converse>>[] = [];
  try {
    await hotline.setAgents(agents, 'available');
    for (let call = 0; call < (quick ? 4 : 20); call++) {
      const caller = await telephones.trunkPhone(`1370000${String(call).padStart(4, '0')}`, {
        toneHz: callerHz,
      });
      samples.push(await converse(hotline, caller, phones));
      await telephones.stopAll();
    }
  } finally {
    await telephones.stopAll();
    await hotline.setAgents(agents, 'signed-out');
    await Promise.all(phones.map((phone) => phone.stop()));
  }
  say(`${samples.length} conversations`);
  const figure = (what: string, of: keyof (typeof samples)[number]) => {
    const took = samples.map((sample) => sample[of]);
    return {
      what: `${what}, p99`,
      unit: 'ms' as const,
      value: rounded(quantile(took, 0.99)),
      detail: spread(took),
    };
  };
  return [
    figure('pick-up → caller hears the agent', 'callerHears'),
    figure('pick-up → agent hears the caller', 'agentHears'),
    figure('end of key (RFC 4733) → acted upon', 'keyToEngine'),
    figure('end of key → in the queue, announcement included', 'keyToQueue'),
  ];
};

async function converse(hotline: HotlineUnderLoad, caller: SipPhone, phones: readonly SipPhone[]) {
  const answered = await caller.dial(numberOf.withoutWrapUp);
  if (answered !== 'answered') throw new Error(`the caller got ${answered}`);
  // The greeting is heard: the flow has begun and takes keys.
  await until('the greeting', () => caller.media.recording.packetCount > 20, { withinMs: 10_000 });
  await caller.press('0');
  const keyEndedAt = Date.now() - keyGapMs;
  const agent = await until('a phone to ring', () => phones.find((phone) => phone.state === 'ringing'), {
    withinMs: 15_000,
    everyMs: 5,
  });
  await until('the phone to be ready', () => agent.log.at(-1)?.what === 'rings' && agent.sipCallId, {
    everyMs: 5,
  });
  agent.answerNow();
  const pickedUpAt = Date.now();
  await Promise.all([
    caller.media.hears(agentHz, { forMs: 300, withinMs: 10_000 }),
    agent.media.hears(callerHz, { forMs: 300, withinMs: 10_000 }),
  ]);
  const callerHears = heardAfterMs(caller, agentHz, pickedUpAt);
  const agentHears = heardAfterMs(agent, callerHz, pickedUpAt);
  await agent.hangUp();
  await caller.idle();
  await hotline.settled(20_000);
  const after = async (type: string): Promise<number> =>
    (await timeOf(hotline, caller.user, type)) - keyEndedAt;
  return {
    callerHears,
    agentHears,
    keyToEngine: await after('DigitPressed'),
    keyToQueue: await after('CallQueued'),
  };
}

/** Epoch milliseconds of the first event of its type in the call of this caller. */
async function timeOf(hotline: HotlineUnderLoad, caller: string, type: string): Promise<number> {
  const [event] = await hotline.query<{ at: Date }>(
    `select e.at from call_event e join call_record r using (call_id)
      where r.caller_number = $1 and e.type = $2 order by e.at limit 1`,
    [caller, type],
  );
  if (!event) throw new Error(`the call of ${caller} has no ${type}`);
  return event.at.getTime();
}

/** Milliseconds from a moment until the tone begins in what this phone heard; the music before may hold the same tone. */
function heardAfterMs(phone: SipPhone, toneHz: number, epochMs: number): number {
  const { recording } = phone.media;
  const fromMs = Math.max(0, recording.msAt(epochMs));
  const startMs = toneStartMs(recording.sound(fromMs), toneHz);
  if (startMs === undefined) throw new Error(`phone ${phone.user} never heard ${toneHz} Hz`);
  return fromMs + startMs - recording.msAt(epochMs);
}
