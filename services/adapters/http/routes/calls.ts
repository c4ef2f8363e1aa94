import { type AgentId, asId, type CallId } from '../../../events/ids.ts';
import { instant } from '../../../events/instant.ts';
import type { Application } from '../../../runtime/application.ts';
import type { CallsQuery, CallWithTimeline, Person, RecordsPort } from '../../../runtime/people-port.ts';
import {
  type CallsFilter,
  callDetailSchema,
  callPathSchema,
  callQuerySchema,
  callsPageSchema,
  callsQuerySchema,
} from '../contract/calls.ts';
import { momentMs, roles } from '../contract/common.ts';
import { callWhySchema } from '../contract/why.ts';
import { cursorFrom, cursorText } from '../cursor.ts';
import { fromStore } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import { ownNumbers } from '../live-snapshot.ts';
import { maskNumbersIn } from '../mask-number.ts';
import type { HttpLimits } from '../options.ts';
import type { Reveal } from '../reveal.ts';
import { type Route, route } from '../route.ts';
import { whyOf } from '../why-of.ts';

const usualLimit = 50;

/** Records of calls and their timelines. Agents see the calls they took part in. */
export function callRoutes(parts: {
  application: Application;
  store: RecordsPort;
  reveal: Reveal;
  limits: HttpLimits;
}): Route[] {
  const { application, store, reveal, limits } = parts;
  const own = ownNumbers(application.centre);

  /** The same answer for a call of somebody else: who may not see it need not know that it exists. */
  const seen = async (person: Person, callId: CallId): Promise<CallWithTimeline> => {
    const found = await fromStore(store.callWithTimeline(callId), limits.answerMs);
    if (found === null || !maySee(person, found))
      throw new Refusal('unknown-call', 'There is no call with this id.');
    return found;
  };

  const list = route({
    method: 'get',
    path: '/api/v1/calls',
    operationId: 'listCalls',
    summary: 'Records of calls, page by page (agents: their own)',
    tag: 'records',
    access: roles,
    query: callsQuerySchema,
    replies: { 200: { description: 'One page of calls', schema: callsPageSchema } },
    refusals: ['store-unavailable'],
    async handle(call) {
      const query = storeQuery(call.query, call.visitor.person);
      const numbers = await reveal(call, 'calls');
      // One more than asked for tells whether there is a next page.
      const found = await fromStore(store.listCalls({ ...query, limit: query.limit + 1 }), limits.answerMs);
      const calls = found.slice(0, query.limit);
      const last = calls.at(-1);
      call.res.json({
        numbers,
        calls: numbers === 'whole' ? calls : calls.map((one) => maskNumbersIn(one, one.callerNumber, own)),
        nextCursor: found.length > query.limit && last ? cursorText(last) : null,
      });
    },
  });

  const one = route({
    method: 'get',
    path: '/api/v1/calls/{id}',
    operationId: 'getCall',
    summary: 'One call with its timeline',
    tag: 'records',
    access: roles,
    params: callPathSchema,
    query: callQuerySchema,
    replies: { 200: { description: 'The call', schema: callDetailSchema } },
    refusals: ['unknown-call', 'store-unavailable'],
    async handle(call) {
      const callId = asId<CallId>(call.params.id);
      const found = await seen(call.visitor.person, callId);
      const numbers = await reveal(call, `calls/${callId}`);
      const shown = numbers === 'whole' ? found : maskNumbersIn(found, found.call.callerNumber, own);
      call.res.json({ numbers, ...shown });
    },
  });

  const why = route({
    method: 'get',
    path: '/api/v1/calls/{id}/why',
    operationId: 'explainCall',
    summary: 'Why this caller waited so long, why these agents were rung, and why the call ended as it did',
    tag: 'records',
    access: roles,
    params: callPathSchema,
    replies: { 200: { description: 'The call, explained; as far as it has come', schema: callWhySchema } },
    refusals: ['unknown-call', 'store-unavailable'],
    async handle({ res, params, visitor }) {
      const found = await seen(visitor.person, asId<CallId>(params.id));
      const at = application.now();
      const explained = await whyOf(application.centre, store, found, at, limits.answerMs);
      // With the timeline, whose numbers may stand in a reason.
      const { why } = maskNumbersIn({ ...found, why: { ...explained, at } }, found.call.callerNumber, own);
      res.json(why);
    },
  });
  return [list, one, why];
}

function storeQuery(filter: CallsFilter, person: Person): CallsQuery {
  const agent = filter.agent === undefined ? null : asId<AgentId>(filter.agent);
  if (person.role === 'agent' && agent !== null && agent !== person.agent) {
    throw new Refusal('not-allowed', 'Agents may see their own calls only.');
  }
  return {
    from: filter.from === undefined ? null : instant(momentMs(filter.from)),
    to: filter.to === undefined ? null : instant(momentMs(filter.to)),
    number: filter.number?.replace(/[ -]/g, '') ?? null,
    agent: person.role === 'agent' ? requireAgent(person) : agent,
    queue: filter.queue === undefined ? null : asId(filter.queue),
    hotline: filter.hotline === undefined ? null : asId(filter.hotline),
    outcome: filter.outcome ?? null,
    order: filter.order ?? 'newest-first',
    after: filter.cursor === undefined ? null : cursorFrom(filter.cursor),
    limit: filter.limit === undefined ? usualLimit : Number(filter.limit),
  };
}

function maySee(person: Person, { call, timeline }: CallWithTimeline): boolean {
  if (person.role !== 'agent') return true;
  const agent = requireAgent(person);
  return call.agent === agent || timeline.some((event) => 'agent' in event && event.agent === agent);
}

function requireAgent(person: Person): AgentId {
  if (person.agent === null) throw new Refusal('not-allowed', 'This account belongs to no agent.');
  return person.agent;
}
