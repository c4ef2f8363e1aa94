import { expect } from 'vitest';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import type { ApiClient } from './api-client.ts';
import { freePort } from './free-ports.ts';
import { HotlineAtWork } from './hotline-at-work.ts';
import type { Media } from './media.ts';
import type { SipPhone } from './sip-phone.ts';
import type { SippCall } from './sipp-call.ts';
import { loudnessDbfs, toneLevelDbfs } from './tone.ts';
import { until } from './until.ts';

export const callerHz = 440;
export const outsideHz = 660;
export const agentHz = 880;
export const colleagueHz = 1_300;
export const outsideNumber = '13900139000';
export const reason = '账单有误';

/** Who speaks with which tone. */
export type Voice = { readonly media: Media; readonly hz: number };

/** A whole service with two agents, an outside world, and what agents do with their calls by the API. */
export class TransfersAtWork {
  readonly hotline: HotlineAtWork;
  readonly #outsidePort: number;
  readonly #clients = new Map<string, ApiClient>();

  private constructor(hotline: HotlineAtWork, outsidePort: number) {
    this.hotline = hotline;
    this.#outsidePort = outsidePort;
  }

  /** `env`: further settings. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<TransfersAtWork> {
    const outsidePort = await freePort();
    const hotline = await HotlineAtWork.start(
      { ringTimeoutSeconds: 12, agents: 3 },
      { HOTLINE_OUTBOUND_TRUNK: `127.0.0.2:${outsidePort}`, HOTLINE_TRANSFER_KEY: 'on', ...env },
    );
    return new TransfersAtWork(hotline, outsidePort);
  }

  /** The outside world's telephone, for calls to any number. */
  outside(): Promise<SipPhone> {
    const options = { ownPort: this.#outsidePort, toneHz: outsideHz, answer: 'manual' } as const;
    return this.hotline.phones.trunkPhone('outside', options);
  }

  /** The agent does something with the call on their phone. */
  async does(agent: string, action: string, body: object = {}): Promise<void> {
    const client = this.#clients.get(agent) ?? (await this.hotline.instance.signIn(agent));
    this.#clients.set(agent, client);
    const answer = await client.send('POST', `agents/${agent}/call/${action}`, body);
    expect({ action, ...answer }).toMatchObject({ status: 200 });
  }

  /** A caller who talks with 1001; 1002 is available afterwards. */
  async talk(): Promise<{ call: SippCall; caller: Voice; agent: SipPhone; colleague: SipPhone }> {
    const agent = await this.hotline.ready('1001', { toneHz: agentHz, answer: 'manual' });
    const call = await this.hotline.waiting({ toneHz: callerHz });
    await agent.incoming();
    await agent.answer();
    await this.hotline.agentIs('1001', 'on-call');
    const colleague = await this.hotline.ready('1002', { toneHz: colleagueHz, answer: 'manual' });
    return { call, caller: { media: call.media, hz: callerHz }, agent, colleague };
  }

  /** The call as the board sees it. */
  async live(call: SippCall): Promise<LiveSnapshot['calls'][number]> {
    const callId = await this.hotline.ledger.callIdOf(call.sipCallId);
    const found = (await this.hotline.live()).calls.find((one) => one.callId === callId);
    if (!found) throw new Error(`the board does not show call ${callId}`);
    return found;
  }

  /** The record of a call, with its conversations, when all wrap-ups are over. */
  async recordOf(call: SippCall): Promise<{ record: CallRow; conversations: ConversationRow[] }> {
    const { instance } = this.hotline;
    const [record] = await until('the record of the call', async () => {
      const rows = await instance.query<CallRow>(
        'select * from call_record where sip_call_id = $1 and ended_at is not null and wrap_up_ms is not null',
        [call.sipCallId],
      );
      return rows.length > 0 ? rows : null;
    });
    if (!record) throw new Error('no record');
    const conversations = await instance.query<ConversationRow>(
      'select agent, talk_ms, hold_ms, wrap_up_ms from agent_conversation where call_id = $1 order by answered_at',
      [record.call_id],
    );
    return { record, conversations };
  }
}

export type CallRow = {
  call_id: string;
  outcome: string;
  transfers: number;
  agent: string | null;
  queue: string | null;
  release_party: string;
  talk_ms: number;
  hold_ms: number;
};
export type ConversationRow = { agent: string; talk_ms: number; hold_ms: number; wrap_up_ms: number };

export const voiceOf = (phone: SipPhone): Voice => ({ media: phone.media, hz: phone.toneHz });

/** Each of these hears all the others from now on. */
export async function together(...voices: Voice[]): Promise<void> {
  for (const { media } of voices) {
    const sinceMs = media.recording.lengthMs;
    for (const other of voices) if (other.media !== media) await media.hears(other.hz, { sinceMs });
  }
}

/** This one hears none of these any more, for as long as it takes to be sure. */
export async function apart({ media }: Voice, ...others: Voice[]): Promise<void> {
  const { recording } = media;
  const from = recording.lengthMs;
  const lately = () => recording.sound(recording.lengthMs - 200);
  const levels = () => others.map(({ hz }) => toneLevelDbfs(lately(), hz));
  let before = -1;
  const probe = () => {
    // Who is alone is sent nothing at all: between two looks, so the first says nothing.
    const nothing = recording.packetCount === before;
    before = recording.packetCount;
    return nothing || (recording.lengthMs > from + 300 && levels().every((dbfs) => dbfs < -40));
  };
  await until('the others to be heard no more', probe, {
    everyMs: 200,
    seen: () => levels().join(),
  });
}

/** Music, and nobody's voice: louder than silence, softer than any voice here. */
export async function hearsMusic(voice: Voice, ...others: Voice[]): Promise<void> {
  await apart(voice, ...others);
  const { recording } = voice.media;
  const from = recording.lengthMs;
  const lately = () => loudnessDbfs(recording.sound(recording.lengthMs - 200));
  const soft = () => recording.lengthMs > from + 300 && lately() > -50 && lately() < -16;
  await until('music to be heard', soft, { seen: () => `${lately()} dBFS` });
}
