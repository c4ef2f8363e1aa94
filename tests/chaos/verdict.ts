import type { CallOutcome } from '../support/call-outcome.ts';
import type { Instance } from '../support/instance.ts';
import type { Standstill } from '../support/standstill.ts';
import { type Outage, touched } from './kills.ts';
import type { Served } from './staff.ts';
import type { CallerKind } from './traffic.ts';

/** What a record says of a call, with its conversations. */
export type Recorded = {
  call_id: string;
  sip_call_id: string;
  caller_number: string;
  outcome: string;
  release_party: string;
  agent: string | null;
  started_at: Date;
  ended_at: Date;
  talk_ms: number;
  hold_ms: number;
  wait_ms: number;
  degraded: boolean;
  conversations: { agent: string; answered_at: string; ended_at: string }[];
};

export function readRecords({ query }: Pick<Instance, 'query'>): Promise<Recorded[]> {
  return query<Recorded>(
    `select r.*, coalesce((select json_agg(json_build_object('agent', c.agent, 'answered_at', c.answered_at,
              'ended_at', c.ended_at) order by c.answered_at) from agent_conversation c where c.call_id = r.call_id), '[]') as conversations
       from call_record r where r.ended_at is not null`,
  );
}

/** The telephones' times against the records', two programs' on a busy machine; and as much more as that stood still. */
const usuallyCloseMs = 2_000;
export const closeOn = (machine: Pick<Standstill, 'longestMs'>): number =>
  usuallyCloseMs + machine.longestMs();

/**
 * Who picked up a phone that was being given up already, as Asterisk had taken the caller for itself at that moment, spoke with nobody:
 * no conversation with this phone is recorded, Asterisk served the caller, and the phone is let go at once.
 */
function pickedUpInVain(
  { agent, talksAt, overAt }: Served,
  { degraded, conversations }: Recorded,
  closeMs: number,
): boolean {
  const from = talksAt ?? 0;
  const to = overAt ?? 0;
  const recorded = conversations.some(
    (talk) => talk.agent === agent && Date.parse(talk.answered_at) <= to && Date.parse(talk.ended_at) >= from,
  );
  return degraded && !recorded && to - from < closeMs;
}

/** One call as the telephones saw it. */
export type Seen = { kind: CallerKind; outcome: CallOutcome; served: readonly Served[] };

/**
 * What is wrong with the record of a call, or with how the call was treated, by the telephones' own logs; in words, one line each.
 *
 * The rules: a conversation ends only when one of the two hung up. One record. Its outcome is `answered` if an agent's phone and
 * the caller were connected; an agent who picked up while nobody was there to connect them, and whose caller then left, may
 * count as abandoned. Who left by themselves before that is abandoned: in the menu before their key, or in the queue.
 *
 * @param closeMs what counts as the same time, see `closeOn`
 */
export function wrongWith(
  seen: Seen,
  records: readonly Recorded[],
  outages: readonly Outage[],
  closeMs: number,
): string[] {
  const { outcome, served } = seen;
  const [record] = records;
  if (!record || records.length > 1) return [`${records.length} records`];
  const wrong: string[] = [];
  const check = (right: boolean, what: string) => {
    if (!right) wrong.push(what);
  };
  const endedAt = outcome.endedAt ?? 0;
  const talks = served.filter((ring) => ring.talksAt !== null);
  const spoken = talks.filter((ring) => ring.how === 'agent');

  // Nobody is cut off.
  if (outcome.endedBy === 'callee')
    check(
      spoken.some((ring) => (ring.overAt ?? 0) <= endedAt + 200),
      'the caller was hung up on, and no agent had done so',
    );
  else check(outcome.endedBy === 'caller' || outcome.endedBy === 'both', `ended by ${outcome.endedBy}`);
  for (const ring of talks)
    if (ring.how === 'other side' && !pickedUpInVain(ring, record, closeMs))
      check(
        (outcome.partedAt ?? endedAt) <= (ring.overAt ?? 0) + 200,
        `agent ${ring.agent} was cut off while the caller was there`,
      );

  // The record.
  const away = (at: number) => touched(outages, at);
  check(record.caller_number === outcome.from, `caller ${record.caller_number}`);
  check(Math.abs(record.started_at.getTime() - outcome.invitedAt) < closeMs, 'began at another time');
  check(Math.abs(record.ended_at.getTime() - endedAt) < closeMs, 'ended at another time');
  const last = talks.at(-1);
  const atTheTurn =
    last !== undefined && ((last.overAt ?? 0) - (last.talksAt ?? 0) < closeMs || away(last.talksAt ?? 0));
  if (record.outcome === 'answered') {
    check(
      served.some((ring) => ring.pickedUpAt !== null && ring.agent === record.agent),
      `answered by ${record.agent}, whose phone did not`,
    );
    for (const talk of record.conversations) {
      const from = Date.parse(talk.answered_at);
      const to = Date.parse(talk.ended_at);
      const ring = served.find(
        (one) =>
          one.agent === talk.agent &&
          one.pickedUpAt !== null &&
          from >= one.pickedUpAt - closeMs &&
          from <= (one.overAt ?? 0) + closeMs,
      );
      if (!ring) {
        wrong.push(`a conversation with ${talk.agent} of which that phone knows nothing`);
        continue;
      }
      const began = ring.pickedUpAt ?? 0;
      // Who picks up while nobody is there is connected when somebody is there again.
      check(from - began < closeMs || away(began), `talked with ${talk.agent} from another time on`);
      const apart = Math.min(endedAt, ring.overAt ?? endedAt);
      check(Math.abs(to - apart) < closeMs, `talked with ${talk.agent} until another time`);
    }
  } else {
    check(talks.length === 0 || atTheTurn, `${record.outcome}, but spoke with ${last?.agent}`);
    check(seen.kind !== 'stays', `${record.outcome}, but would have stayed`);
    const may =
      seen.kind === 'leaves in the greeting' && !record.degraded
        ? ['abandoned_in_ivr']
        : ['abandoned_in_ivr', 'abandoned_in_queue'];
    check(may.includes(record.outcome), `${record.outcome}, but ${seen.kind}`);
    check(record.release_party === 'caller', `released by ${record.release_party}`);
  }
  if (talks.length > record.conversations.length)
    check(
      talks.length - record.conversations.length <=
        talks.filter((ring) => away(ring.talksAt ?? 0) || (ring.overAt ?? 0) - (ring.talksAt ?? 0) < closeMs)
          .length,
      `${talks.length} conversations, ${record.conversations.length} of them recorded`,
    );
  return wrong;
}
