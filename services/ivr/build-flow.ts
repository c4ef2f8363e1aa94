import { asId, type FlowId, type NodeName, type PromptId, type QueueId } from '../events/ids.ts';
import { entryPattern } from './entry-pattern.ts';
import {
  backKey,
  type Condition,
  type Flow,
  type FlowNode,
  type KeyTarget,
  overflowExits,
  personKey,
  repeatKey,
  type Spoken,
} from './flow.ts';
import type { ConditionText, FlowText, NodeText, SpokenText } from './flow-text.ts';

/** Turns a flow's text, which has been checked, into the flow under the number by which it is activated. */
export function buildFlow(text: FlowText, version: number): Flow {
  return {
    id: asId<FlowId>(text.flow),
    version,
    language: text.language,
    start: node(text.start),
    person: node(text.person),
    agentLost: node(text.agentLost),
    afterAgent: text.afterAgent === undefined ? null : node(text.afterAgent),
    nodes: new Map(Object.entries(text.nodes).map(([name, one]) => [node(name), buildNode(one, text)])),
  };
}

const node = (name: string) => asId<NodeName>(name);
const prompt = (id: string) => asId<PromptId>(id);
const ms = (seconds: number) => Math.round(seconds * 1000);

function buildNode(text: NodeText, flow: FlowText): FlowNode {
  switch (text.kind) {
    case 'announce':
    case 'say':
      return {
        kind: text.kind,
        ...speaks(text),
        serves: text.serves,
        once: (text.kind === 'announce' ? text.once : null) ?? null,
        next: node(text.next),
      };
    case 'menu':
      return {
        kind: 'menu',
        ...speaks(text),
        ...listens(text, flow),
        keys: keysOf(text, flow),
        invalidKey: buildSpoken(text.invalidKey),
      };
    case 'collect':
      return {
        kind: 'collect',
        ...speaks(text),
        ...listens(text, flow),
        into: text.into,
        minDigits: text.minDigits,
        maxDigits: text.maxDigits,
        terminator: text.terminator === 'none' ? null : text.terminator,
        betweenMs: ms(text.betweenSeconds),
        check: text.check === undefined ? null : entryPattern(text.check),
        invalidEntry: buildSpoken(text.invalidEntry),
        next: node(text.next),
      };
    case 'lookup':
      return {
        kind: 'lookup',
        ...speaks(text),
        lookup: text.lookup,
        parameters: new Map(Object.entries(text.with)),
        onFound: node(text.onFound),
        onNotFound: node(text.onNotFound),
        onFailure: node(text.onFailure),
      };
    case 'branch':
      return {
        kind: 'branch',
        when: text.when.map((one) => ({ condition: buildCondition(one.if), next: node(one.next) })),
        otherwise: node(text.otherwise),
      };
    case 'set':
      return { kind: 'set', values: text.set, next: node(text.next) };
    case 'goto':
      return {
        kind: 'goto',
        flow: asId<FlowId>(text.flow),
        node: text.node === undefined ? null : node(text.node),
      };
    case 'enqueue':
      return {
        kind: 'enqueue',
        ...speaks(text),
        queue: asId<QueueId>(text.queue),
        priority: text.priority,
        skills: text.skills,
        whileWaiting: text.whileWaiting
          ? {
              afterMs: ms(text.whileWaiting.afterSeconds),
              everyMs: ms(text.whileWaiting.everySeconds),
              position: text.whileWaiting.position,
              expectedWait: text.whileWaiting.expectedWait,
              prompts: buildSpoken(text.whileWaiting.prompts),
            }
          : null,
        keys: new Map(Object.entries(text.keys).map(([key, to]) => [key, node(to)])),
        onTimeout: node(text.onTimeout),
        onFull: node(text.onFull),
        onOverflow: new Map(
          overflowExits.flatMap((exit) => {
            const to = text.onOverflow[exit];
            return to === undefined ? [] : [[exit, node(to)]];
          }),
        ),
      };
    case 'offer-callback':
      return {
        kind: 'offer-callback',
        ...speaks(text),
        number: text.number,
        queue: asId<QueueId>(text.queue),
        priority: text.priority,
        next: node(text.next),
        onFailure: node(text.onFailure),
      };
    case 'voicemail':
      return {
        kind: 'voicemail',
        ...speaks(text),
        queue: asId<QueueId>(text.queue),
        maxMs: ms(text.maxSeconds),
        silenceMs: ms(text.silenceSeconds),
        next: node(text.next),
        onFailure: node(text.onFailure),
      };
    case 'survey':
      return {
        kind: 'survey',
        ...speaks(text),
        ...listens(text, flow),
        scores: new Map(Object.entries(text.scores)),
        dissatisfiedUpTo: text.dissatisfiedUpTo,
        invalidKey: buildSpoken(text.invalidKey),
        next: node(text.next),
      };
    case 'transfer':
      return {
        kind: 'transfer',
        ...speaks(text),
        to: text.to,
        ringMs: ms(text.ringSeconds),
        onFailure: node(text.onFailure),
      };
    case 'hang-up':
      return { kind: 'hang-up', ...speaks(text), outcome: text.outcome ?? null };
    default:
      return text satisfies never;
  }
}

const speaks = (text: { prompts: SpokenText[]; bargeIn: boolean }) => ({
  prompts: buildSpoken(text.prompts),
  bargeIn: text.bargeIn,
});

function listens(text: Extract<NodeText, { kind: 'menu' | 'collect' | 'survey' }>, flow: FlowText) {
  return {
    listenMs: ms(text.listenSeconds),
    maxAttempts: text.maxAttempts,
    noInput: buildSpoken(text.noInput),
    onFailure: node(text.onFailure ?? flow.person),
  };
}

/** The keys that mean the same everywhere are there unless the file gives them another meaning. */
function keysOf(menu: Extract<NodeText, { kind: 'menu' }>, flow: FlowText): ReadonlyMap<string, KeyTarget> {
  const keys = new Map<string, KeyTarget>([
    [personKey, { kind: 'node', node: node(flow.person) }],
    [backKey, { kind: 'back' }],
    [repeatKey, { kind: 'repeat' }],
  ]);
  for (const [key, to] of Object.entries(menu.keys))
    keys.set(key, to === 'repeat' || to === 'back' ? { kind: to } : { kind: 'node', node: node(to) });
  return keys;
}

export function buildSpoken(list: readonly SpokenText[]): Spoken[] {
  return list.map((one): Spoken => {
    if (typeof one === 'string') return { kind: 'prompt', prompt: prompt(one) };
    if ('amount' in one) return { kind: 'amount', variable: one.amount };
    if ('digits' in one) return { kind: 'digits', variable: one.digits };
    if ('count' in one)
      return {
        kind: 'count',
        variable: one.count,
        of: one.of === undefined ? null : prompt(one.of),
      };
    if ('date' in one) return { kind: 'date', variable: one.date };
    if ('time' in one) return { kind: 'time', variable: one.time };
    return {
      kind: 'choice',
      variable: one.choice,
      prompts: new Map(Object.entries(one.prompts).map(([value, id]) => [value, prompt(id)])),
      otherwise: prompt(one.otherwise),
    };
  });
}

export function buildCondition(text: ConditionText): Condition {
  if ('hours' in text) return { kind: 'hours', hours: text.hours };
  if ('holiday' in text) return { kind: 'holiday', holiday: text.holiday === true ? null : text.holiday };
  if ('switch' in text) return { kind: 'switch', name: text.switch };
  if ('time' in text) {
    const [from = '', to = ''] = text.time.split('-');
    return { kind: 'time', fromMinute: minuteOf(from), toMinute: minuteOf(to) };
  }
  if ('is' in text)
    return { kind: 'is', variable: text.value, oneOf: typeof text.is === 'string' ? [text.is] : text.is };
  if ('above' in text) return { kind: 'above', variable: text.value, than: text.above };
  if ('below' in text) return { kind: 'below', variable: text.value, than: text.below };
  if ('known' in text) return { kind: 'known', variable: text.value, known: text.known };
  if ('not' in text) return { kind: 'not', condition: buildCondition(text.not) };
  if ('all' in text) return { kind: 'all', conditions: text.all.map(buildCondition) };
  return { kind: 'any', conditions: text.any.map(buildCondition) };
}

const minuteOf = (clock: string): number => {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
};
