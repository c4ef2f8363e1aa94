import type { HotlineAtWork } from './hotline-at-work.ts';
import type { SipPhone } from './sip-phone.ts';
import { pause, until } from './until.ts';

/** What an agent of a load does with one ring. Times in ms. */
export type RobotPlan =
  | { kind: 'declines'; afterMs: number }
  | {
      kind: 'answers';
      afterMs: number /** Leaves the end to the caller when undefined. */;
      hangsUpAfterMs?: number;
    };

/** Agents who work by themselves until told to go home. */
export type RobotAgents = {
  readonly phones: readonly SipPhone[];
  /** When which agent hung up, by the phone's own doing (epoch ms). */
  readonly hangUps: readonly { agent: string; at: number }[];
  /** Every agent has finished what they were doing. @throws the first trouble one of them had */
  settled(): Promise<void>;
};

/** Registers these agents, makes them available and has them act on each ring as `plan` says; who declined asks for work again. */
export async function startRobotAgents(
  hotline: HotlineAtWork,
  ids: readonly string[],
  plan: () => RobotPlan,
): Promise<RobotAgents> {
  const doing: Promise<void>[] = [];
  const hangUps: { agent: string; at: number }[] = [];
  const onRinging = (phone: SipPhone): void => {
    doing.push(act(hotline, phone, plan(), (at) => hangUps.push({ agent: phone.user, at })));
  };
  const phones = await Promise.all(
    ids.map((id) => hotline.phones.phone({ ...hotline.account(id), audio: false, onRinging })),
  );
  await Promise.all(ids.map((id) => hotline.makeAvailable(id)));
  return {
    phones,
    hangUps,
    async settled() {
      for (let done = 0; done < doing.length; ) {
        done = doing.length;
        await Promise.all(doing);
      }
    },
  };
}

async function act(
  hotline: HotlineAtWork,
  phone: SipPhone,
  plan: RobotPlan,
  onHangUp: (at: number) => void,
): Promise<void> {
  const ring = phone.ringCount;
  await pause(plan.afterMs);
  // The caller may have left meanwhile, and the next one may even be ringing.
  if (phone.state !== 'ringing' || phone.ringCount !== ring) return;
  if (plan.kind === 'declines') {
    await phone.decline();
    // When the caller left at that very moment, nobody was refused, and the agent stays available.
    const judged = async () => {
      const { state, reason } = await hotline.agent(phone.user);
      return state === 'not-ready' ? reason : state === 'ringing' ? null : 'caller-left';
    };
    const result = await until(`agent ${phone.user}'s refusal to be judged`, judged, { everyMs: 30 });
    if (result === 'declined')
      await hotline.lead.send('PUT', `agents/${phone.user}/state`, { state: 'available' });
    return;
  }
  phone.answerNow();
  const { hangsUpAfterMs } = plan;
  if (hangsUpAfterMs === undefined) return;
  const inThisCall = () => phone.state === 'talking' && phone.ringCount === ring;
  await until(`phone ${phone.user} to talk or to be left`, () => inThisCall() || phone.state === 'idle');
  await pause(hangsUpAfterMs);
  if (!inThisCall()) return;
  onHangUp(Date.now());
  await phone.hangUp();
}
