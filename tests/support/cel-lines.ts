import type { CelRecord } from '../../services/cdr/cel-record.ts';
import { instant } from '../../services/events/instant.ts';

/** A line as Asterisk writes it (dialplans/asterisk/cel_custom.conf). */
export function celLine(record: CelRecord): string {
  const time = `${Math.floor(record.at / 1000)}.${String((record.at % 1000) * 1000).padStart(6, '0')}`;
  const { type, userType, uniqueId, linkedId, channel, callerNumber, extension, context } = record;
  const { app, appData, peer, extra } = record;
  const fields = ['CEL1', type, time, userType, uniqueId, linkedId, channel, callerNumber, extension];
  return `${[...fields, context, app, appData, peer, extra].map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`;
}

const callId = 'n1-1790000000.1';
const caller = { uniqueId: callId, channel: 'PJSIP/trunk-00000001' };

/** A phone of an agent, by number, as a leg of the call. */
export const agentLeg = (agent: string, n = 2) => ({
  uniqueId: `n1-1790000000.${n}`,
  channel: `PJSIP/${agent}-0000000${n}`,
});

/** One record of the call `n1-1790000000.1`, on the caller's channel unless said otherwise; `at` in seconds. */
export function cel(at: number, type: string, rest: Partial<CelRecord> = {}): CelRecord {
  return {
    type,
    at: instant(1_790_000_000_000 + Math.round(at * 1000)),
    userType: '',
    linkedId: callId,
    callerNumber: '13800138000',
    extension: 's',
    context: 'arrived',
    app: '',
    appData: '',
    peer: '',
    extra: '',
    ...caller,
    ...rest,
  };
}

/** A hang-up by the other side of the channel, or by Asterisk or us. */
export function hangUp(at: number, by: 'party' | 'us', leg = caller, cause = 16): CelRecord[] {
  const source = by === 'party' ? leg.channel : 'dialplan/builtin';
  const extra = JSON.stringify({ hangupcause: cause, hangupsource: source, dialstatus: '' });
  return [cel(at, 'HANGUP', { ...leg, extra }), cel(at, 'CHAN_END', leg)];
}

/** A caller from the trunk who dials 95598 at second 0 while the controller is away, as far as the fallback. */
/** An event of the dialplan's own, as Asterisk wraps it. */
export const said = (at: number, userType: string, text: string, rest: Partial<CelRecord> = {}): CelRecord =>
  cel(at, 'USER_DEFINED', { userType, extra: JSON.stringify({ extra: text }), ...rest });

export const arrivedAlone = (dialled = '95598', source = 'trunk'): CelRecord[] => [
  cel(0, 'CHAN_START', { context: 'from-trunk', extension: dialled }),
  said(0.001, 'HOTLINE_ARRIVED', `${source},${dialled},${source},abc@127.0.0.2`),
  cel(0.002, 'APP_START', {
    app: 'Stasis',
    appData: `hotline,arrived,${source},${dialled},${source},abc@127.0.0.2`,
  }),
  cel(0.004, 'ANSWER'),
  said(0.005, 'HOTLINE_FALLBACK', 'power-service', { context: 'fallback-queue' }),
];

export const queued = (at: number): CelRecord =>
  cel(at, 'APP_START', { app: 'Queue', appData: 'power-service,,,,600', context: 'fallback-queue' });
export const leftQueue = (at: number): CelRecord =>
  cel(at, 'APP_END', { app: 'Queue', context: 'fallback-queue' });
