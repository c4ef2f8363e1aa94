import { callerNumberOf } from '../events/caller-number.ts';
import { type AgentId, asId, type CallId, type LegId, type QueueId } from '../events/ids.ts';
import { elapsedMs, type Instant } from '../events/instant.ts';
import type { CallSource, LegEndReason } from '../events/vocabulary.ts';
import { endOf, type HungUp } from './cel-hang-up.ts';
import type { CelRecord } from './cel-record.ts';
import { jsonObject } from './json-object.ts';

/** One channel of a call, from its first event to its last. */
export type CelLeg = {
  legId: LegId;
  /** Such as `PJSIP/1001-0000002a`. */
  channel: string;
  startedAt: Instant;
  answeredAt: Instant | null;
  ended: CelEnd | null;
};
/** `by`: the other side hung up (`party`), or we or Asterisk did (`us`). */
export type CelEnd = { at: Instant; by: 'party' | 'us'; reason: LegEndReason };

/** A stay in Asterisk's own queue. `leftAt` is null while it lasts; `status` is what the queue said when it let an unserved caller go. */
export type CelVisit = {
  queue: QueueId;
  queuedAt: Instant;
  leftAt: Instant | null;
  maxWaitMs: number | null;
  status: string | null;
};

/** A call as Asterisk tells it. */
export type CelCall = {
  callId: CallId;
  callerNumber: string;
  source: CallSource | null;
  dialledNumber: string;
  /** The account that called: `trunk`, an agent's number, `caller`. */
  account: string;
  /** '' when the call never came so far as to tell. */
  sipCallId: string;
  caller: CelLeg;
  /** When the controller was found to be away; null when the call never came to the fallback. */
  fallbackAt: Instant | null;
  visits: CelVisit[];
  /** Agents' phones that were rung, in that order. */
  agents: (CelLeg & { agent: AgentId })[];
  /** Numbers outside that we called. */
  outside: CelLeg[];
  /** All channels, the caller's included; whoever they belong to. */
  channels: { channelId: string; channel: string; startedAt: Instant }[];
  /** All channels are gone. */
  over: boolean;
  /**
   * Begun by us, for this call: the controller called a customer back, or rang an agent's phone for a call whose caller was not, or
   * no longer, on the line, so that Asterisk did not connect the two in its account. null for everything else.
   */
  ringFor: CallId | null;
};

/** User events of the dialplan and their `extra`: `<source>,<dialled>,<endpoint>,<SIP Call-ID>`; the queue, or `-`; QUEUESTATUS. */
const celArrived = 'HOTLINE_ARRIVED';
const celFallback = 'HOTLINE_FALLBACK';
const celFallbackLeft = 'HOTLINE_FALLBACK_LEFT';

/**
 * Folds the records of one call (all those that share a linked id), in the order in which they were written. null when they
 * do not tell of the call's first channel, so that nothing can be said of the call.
 */
export function callFromCel(records: readonly CelRecord[]): CelCall | null {
  const linkedId = records[0]?.linkedId ?? '';
  const first = records.find((one) => one.type === 'CHAN_START' && one.uniqueId === linkedId);
  if (first === undefined) return null;
  const own = records.filter((one) => one.uniqueId === linkedId);
  const visits = visitsOf(own);
  const legs = legsOf(records, visits.at(-1));
  const caller = legs.get(linkedId);
  if (caller === undefined) return null;
  const others = [...legs.values()].filter((leg) => leg !== caller);
  return {
    callId: asId(linkedId),
    callerNumber: callerNumberOf(first.callerNumber),
    ...arrivalOf(first, own),
    caller,
    fallbackAt:
      own.find((one) => one.userType === celFallback || /^fallback(-|$)/.test(one.context))?.at ?? null,
    visits,
    agents: others.flatMap((leg) => {
      const agent = agentOf(leg.channel);
      return agent === null ? [] : [{ ...leg, agent }];
    }),
    outside: others.filter((leg) => accountOf(leg.channel) === outboundAccount),
    channels: [...legs.values()].map(({ legId, channel, startedAt }) => ({
      channelId: legId,
      channel,
      startedAt,
    })),
    over: [...legs.values()].every((leg) => leg.ended !== null),
    ringFor: ringFor(own),
  };
}

/** Whom the controller calls enters its application with the call's id: `hotline,agent,<call>`, `hotline,outside,<call>`. */
function ringFor(own: readonly CelRecord[]): CallId | null {
  const [, role, callId] =
    own.find((one) => one.type === 'APP_START' && one.app === 'Stasis')?.appData.split(',') ?? [];
  return (role === 'agent' || role === 'outside') && callId !== undefined ? asId(callId) : null;
}

function legsOf(records: readonly CelRecord[], lastVisit: CelVisit | undefined): Map<string, CelLeg> {
  const legs = new Map<string, HungUp>();
  for (const record of records) {
    const { type, uniqueId, channel, at } = record;
    const fresh = { legId: asId<LegId>(uniqueId), channel, startedAt: at, answeredAt: null };
    if (type === 'CHAN_START') legs.set(uniqueId, { ...fresh, hangUp: null, goneAt: null });
    const leg = legs.get(uniqueId);
    if (leg === undefined) continue;
    if (type === 'ANSWER') leg.answeredAt ??= at;
    else if (type === 'HANGUP' && leg.goneAt === null) Object.assign(leg, { hangUp: record, goneAt: at });
    else if (type === 'CHAN_END') leg.goneAt ??= at;
  }
  // Only now: of two channels that end together either may be told of first.
  const all = [...legs.values()];
  const ended = ({ goneAt, hangUp, ...leg }: HungUp, whole: HungUp): CelLeg => ({
    ...leg,
    ended:
      goneAt === null
        ? null
        : hangUp === null
          ? failed(goneAt)
          : endIn(records, whole, hangUp, all, lastVisit),
  });
  return new Map([...legs].map(([id, leg]) => [id, ended(leg, leg)]));
}

const failed = (at: Instant): CelEnd => ({ at, by: 'us', reason: 'failed' });

function endIn(
  records: readonly CelRecord[],
  leg: HungUp,
  hangUp: CelRecord,
  legs: readonly HungUp[],
  lastVisit: CelVisit | undefined,
): CelEnd {
  const taken = takenAway(hangUp, leg, records);
  if (taken === 'surely') return failed(hangUp.at);
  if (taken === 'maybe') return { at: hangUp.at, by: 'party', reason: 'declined' };
  const isCaller = leg.legId === records[0]?.linkedId;
  const others = legs.filter((other) => other !== leg);
  return endOf(leg, hangUp, {
    legs,
    letGo: released(records, leg.legId),
    servedBy: isCaller && lastVisit !== undefined ? answererAmong(others, lastVisit) : null,
  });
}

/**
 * A channel that the controller made to ring a phone, and that was ended before its INVITE was sent, say because the controller had
 * died: Asterisk names the channel itself as the one who hung up, as of a phone that refuses, with no cause of refusal; or, when that was within
 * milliseconds of its making, with that of a 603, as if the phone had sent one (both seen on 22.10.1).
 */
function takenAway(
  { extra, uniqueId }: CelRecord,
  leg: HungUp,
  records: readonly CelRecord[],
): 'surely' | 'maybe' | null {
  const { hangupcause: cause, hangupsource } = jsonObject(extra);
  if (leg.answeredAt !== null || hangupsource !== leg.channel || (cause !== 16 && cause !== 21)) return null;
  if (ringFor(records.filter((one) => one.uniqueId === uniqueId)) === null) return null;
  return cause === 16 ? 'surely' : 'maybe';
}

/** Asterisk's queue let the caller go unserved. */
const released = (records: readonly CelRecord[], uniqueId: string): boolean =>
  records.some((one) => one.uniqueId === uniqueId && one.userType === celFallbackLeft);

type Arrival = Pick<CelCall, 'source' | 'dialledNumber' | 'account' | 'sipCallId'>;

/** What the dialplan noted at the arrival; else what it passed to the controller; else what the first channel shows. */
function arrivalOf(first: CelRecord, own: readonly CelRecord[]): Arrival {
  const noted = userTextOf(own.find((one) => one.userType === celArrived))?.split(',');
  const passed = own.find((one) => one.type === 'APP_START' && one.app === 'Stasis')?.appData.split(',');
  const told = noted ?? (passed?.[1] === 'arrived' ? passed.slice(2) : undefined);
  const account = accountOf(first.channel);
  if (told !== undefined && told.length >= 4) {
    return {
      source: sourceNamed(told[0] ?? ''),
      // Only the dialled user may hold commas.
      dialledNumber: told.slice(1, -2).join(',') || 'unknown',
      account: told.at(-2) || account,
      sipCallId: told.at(-1) ?? '',
    };
  }
  const source = sourceNamed(first.context.replace(/^from-/, '').replace(/^agents$/, 'agent'));
  return { source, dialledNumber: first.extension, account, sipCallId: '' };
}

const sourceNamed = (word: string): CallSource | null =>
  word === 'trunk' || word === 'agent' || word === 'caller' ? word : null;

function visitsOf(own: readonly CelRecord[]): CelVisit[] {
  const visits: CelVisit[] = [];
  for (const record of own) {
    const { type, app, appData, at } = record;
    const open = visits.at(-1);
    if (type === 'APP_START' && app === 'Queue') {
      const [queue = '', , , , timeout = ''] = appData.split(',');
      const maxWaitMs = /^\d+$/.test(timeout) ? Number(timeout) * 1000 : null;
      visits.push({ queue: asId(queue), queuedAt: at, leftAt: null, maxWaitMs, status: null });
    } else if (open?.leftAt === null && ((type === 'APP_END' && app === 'Queue') || type === 'HANGUP')) {
      open.leftAt = at;
    } else if (open && record.userType === celFallbackLeft) {
      open.status = userTextOf(record);
    }
  }
  return visits;
}

/** The agent who answered while the caller was in this visit; the first, should several have. */
export const answererOf = (call: CelCall, visit: CelVisit): CelCall['agents'][number] | null =>
  answererAmong(call.agents, visit);

function answererAmong<Leg extends Pick<CelLeg, 'answeredAt'>>(
  legs: readonly Leg[],
  visit: CelVisit,
): Leg | null {
  const answered = legs.filter(
    ({ answeredAt }) =>
      answeredAt !== null &&
      answeredAt >= visit.queuedAt &&
      (visit.leftAt === null || answeredAt <= visit.leftAt),
  );
  return answered.sort((a, b) => elapsedMs(b.answeredAt as Instant, a.answeredAt as Instant))[0] ?? null;
}

/** The trunk's account for calls of ours (dialplans/asterisk/pjsip.conf). */
const outboundAccount = 'outbound';

/** `PJSIP/1001-web-0000002a` → `1001-web`. */
const accountOf = (channel: string): string => /^PJSIP\/(.*)-[0-9a-f]{8}$/.exec(channel)?.[1] ?? '';

/** An agent's browser phone is an account of its own: `1001-web` is agent 1001. */
function agentOf(channel: string): AgentId | null {
  const account = accountOf(channel);
  return account === '' || account === 'trunk' || account === 'caller' || account === outboundAccount
    ? null
    : asId(account.replace(/-web$/, ''));
}

/** What the dialplan gave with an event of its own: Asterisk wraps it as `{"extra":"…"}`. */
function userTextOf(record: CelRecord | undefined): string | null {
  const text = jsonObject(record?.extra ?? '').extra;
  return typeof text === 'string' ? text : null;
}
