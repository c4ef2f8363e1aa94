import { asId, type LegId, type RecordingId } from '../../services/events/ids.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { createFakeTelephony, type FakePhone, type FakeTelephony } from '../support/fake-telephony.ts';
import { SimulatedTime, seededRandom } from '../support/simulated-time.ts';
import { describeTelephony } from './telephony-contract.ts';
import type { Rig, RigPhone } from './telephony-rig.ts';

describeTelephony('the fake telephone system', async () => {
  const time = new SimulatedTime(Date.parse('2026-03-02T09:00:00Z'));
  const facts: TelephonyFact[] = [];
  const ordered = new Map<LegId, RecordingId>();
  const fake = createFakeTelephony({
    scheduler: time,
    random: seededRandom(1),
    sink: (fact) => facts.push(fact),
    nodeId: asId('n1'),
    recordings: () => ordered,
    speaksMs: () => 60_000,
    promptMs: (prompt) => (prompt === asId('short') ? 300 : 60_000),
  });
  fake.connects();
  const until: Rig['until'] = async (what, probe) => {
    const giveUpAt = time.now() + 30_000;
    for (;;) {
      const seen = await probe();
      if (seen) return seen;
      if (!time.step(giveUpAt)) throw new Error(`not in time: ${what}`);
    }
  };
  const listens = (caller: LegId, what: string, probe: () => boolean) =>
    until(`${caller} hears ${what}`, probe);
  return {
    facts,
    until,
    perform(order) {
      if (order.kind === 'record') ordered.set(order.legId, order.recordingId);
      fake.perform(order);
    },
    async dials(call) {
      const legId = fake.callerDials(call);
      return {
        presses: async (digit) => fake.callerPresses(legId, digit),
        hangsUp: async () => fake.callerHangsUp(legId),
      };
    },
    async phone(agent) {
      const phone = fake.phone(agent);
      phone.registers();
      return rigPhone(phone, until);
    },
    async outside(number) {
      fake.outside(number, { silent: true });
      return outsidePhone(fake, number);
    },
    lasts: async (ms) => time.pass(ms),
    // It does so when it is told to.
    recorderRuns: async () => undefined,
    recorded: async (recordingId) =>
      fake.kept().some((kept) => kept.recordingId === recordingId && kept.soundMs > 500),
    async talking(caller, agentLeg) {
      await listens(caller, 'the agent', () => fake.hears(caller).with.includes(agentLeg));
      await listens(caller, 'no music', () => !fake.hears(caller).music);
    },
    async together(...parties) {
      const ids = parties.map(({ legId }) => legId);
      const others = (legId: LegId) =>
        ids
          .filter((one) => one !== legId)
          .toSorted()
          .join();
      for (const { legId } of parties)
        await listens(legId, 'the others', () => {
          const { music, with: heard } = fake.hears(legId);
          return !music && heard.toSorted().join() === others(legId);
        });
    },
    async silence({ legId }) {
      await listens(legId, 'nothing', () => {
        const { music, with: heard } = fake.hears(legId);
        return !music && heard.length === 0;
      });
    },
    async music(caller) {
      await listens(caller, 'music', () => fake.hears(caller).music);
    },
    disconnects: async () => fake.disconnects(),
    connects: async () => fake.connects(),
    leftOver: async () => Object.values(fake.live()).flat(),
    close: async () => undefined,
  };
});

function rigPhone(phone: FakePhone, until: Rig['until']): RigPhone {
  return {
    unregisters: async () => phone.unregisters(),
    answers: async () => phone.answers(),
    declines: async () => phone.declines(),
    hangsUp: async () => phone.hangsUp(),
    holds: async () => phone.holds(),
    resumes: async () => phone.resumes(),
    vanishes: async () => phone.vanishes(),
    asksTransfer: async (number) => phone.asksTransfer(number),
    transferAnswer: () =>
      until('the answer to the transfer key', () => {
        const heard = phone.transfer();
        return heard === 'accepted' || heard === 'refused' ? heard : undefined;
      }),
  };
}

function outsidePhone(fake: FakeTelephony, number: string): RigPhone {
  const notForIt = async () => {
    throw new Error('not for a number outside');
  };
  return {
    answers: async () => fake.outsideAnswers(number),
    declines: async () => fake.outsideDeclines(number),
    async hangsUp() {
      const leg = fake.outsideLeg(number);
      if (leg) fake.callerHangsUp(leg);
    },
    unregisters: notForIt,
    holds: notForIt,
    resumes: notForIt,
    vanishes: notForIt,
    asksTransfer: notForIt,
    transferAnswer: notForIt,
  };
}
