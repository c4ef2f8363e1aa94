import type { CallOutcome } from '../support/call-outcome.ts';
import type { HotlineAtWork } from '../support/hotline-at-work.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { type Served, servedBy } from './staff.ts';

/** A conversation with sound on both ends that lasts through all kills. */
export type LongTalk = {
  /** Both ends hear each other now. @throws when they do not, some seconds long */
  stands(): Promise<void>;
  /** The caller hangs up. */
  end(): Promise<{ outcome: CallOutcome; rings: Served[] }>;
};

/** To be begun while nobody else is there: the only agent gets the only caller. */
export async function beginLongTalk(hotline: HotlineAtWork, agent: string, from: string): Promise<LongTalk> {
  const phone = await hotline.ready(agent, { toneHz: 660 });
  const call = await hotline.waiting({ from, toneHz: 440 });
  await phone.incoming(15_000);
  await phone.answer();
  const stands = () => bothHear(phone, call);
  await stands();
  return {
    stands,
    async end() {
      call.hangUp();
      await call.ended(30_000);
      await phone.idle(60_000);
      return { outcome: call.outcome, rings: servedBy(phone) };
    },
  };
}

async function bothHear(phone: SipPhone, { media }: SippCall): Promise<void> {
  const within = { withinMs: 15_000 };
  await phone.hears(440, within);
  await media.hears(660, { ...within, sinceMs: media.recording.lengthMs });
}
