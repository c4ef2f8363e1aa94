import type { NodeName } from '../events/ids.ts';
import { failedAttempt, judgeEntry } from './attempts.ts';
import { holds, withValues } from './context.ts';
import { backKey, type Flow, type FlowNode, personKey, repeatKey } from './flow.ts';
import { type Listener, listens, nodeOf, type Walker } from './walker.ts';

/** A key was pressed. It is judged in any case; what it leads to follows. */
export function keyPressed(walker: Walker, node: FlowNode, key: string): void {
  if (walker.position.playing && 'bargeIn' in node && !node.bargeIn) return ignore(walker);
  switch (node.kind) {
    case 'menu':
    case 'survey':
      return answer(walker, node, key);
    case 'collect':
      return keyedIn(walker, node, key, walker.position.digits);
    case 'enqueue': {
      const to = node.keys.get(key);
      if (to === undefined) return ignore(walker);
      accept(walker);
      walker.push({ kind: 'leave-queue' });
      return walker.enter(to);
    }
    case 'announce':
    case 'say':
      return duringAnnouncement(walker, node, key);
    case 'lookup':
    case 'offer-callback':
    case 'voicemail':
    case 'transfer':
      return everywhere(walker, key);
    case 'hang-up':
    case 'branch':
    case 'set':
    case 'goto':
      return ignore(walker);
    default:
      node satisfies never;
  }
}

const accept = (walker: Walker): void => walker.push({ kind: 'key-judged', result: 'accepted' });
const ignore = (walker: Walker): void => walker.push({ kind: 'key-judged', result: 'ignored' });

/** A menu's or a survey's key. */
function answer(walker: Walker, node: Extract<Listener, { kind: 'menu' | 'survey' }>, key: string): void {
  const go = means(walker, node, key);
  if (go) {
    accept(walker);
    return go();
  }
  walker.push({ kind: 'key-judged', result: 'invalid' });
  failedAttempt(walker, node, 'invalid-key');
}

/** What a key leads to at a node that listens for one; null: nothing. */
function means(
  walker: Walker,
  node: Extract<Listener, { kind: 'menu' | 'survey' }>,
  key: string,
): (() => void) | null {
  if (node.kind === 'survey') {
    const score = node.scores.get(key);
    if (score === undefined) return common(walker, key);
    return () => {
      walker.answered(score, score <= node.dissatisfiedUpTo);
      walker.enter(node.next);
    };
  }
  const target = node.keys.get(key);
  switch (target?.kind) {
    case undefined:
      return null;
    case 'repeat':
      return () => walker.enter(walker.position.node);
    case 'back':
      return () => walker.goBack();
    case 'node':
      return () => walker.enter(target.node);
    default:
      return target satisfies never;
  }
}

/** The keys that mean the same everywhere. */
function common(walker: Walker, key: string): (() => void) | null {
  switch (key) {
    case personKey:
      return () => walker.enter(walker.flow.person);
    case repeatKey:
      return () => walker.enter(walker.position.node);
    case backKey:
      return () => walker.goBack();
    default:
      return null;
  }
}

/** Where nothing is listened for but the keys that mean the same everywhere. */
function everywhere(walker: Walker, key: string): void {
  // What is under way is not begun again by asking to hear it again.
  const go = key === repeatKey ? null : common(walker, key);
  if (!go) return ignore(walker);
  accept(walker);
  go();
}

/** One more digit. `digits`: those before it. */
function keyedIn(
  walker: Walker,
  node: Extract<FlowNode, { kind: 'collect' }>,
  key: string,
  digits: string,
): void {
  if (key === backKey) {
    if (digits === '') {
      accept(walker);
      return walker.goBack();
    }
    return walker.push({ kind: 'key-judged', result: 'accepted', entry: '', listenMs: node.listenMs });
  }
  if (key === '#') {
    if (node.terminator === null) return ignore(walker);
    if (digits === '') {
      walker.push({ kind: 'key-judged', result: 'invalid' });
      return failedAttempt(walker, node, 'invalid-entry');
    }
    accept(walker);
    return judgeEntry(walker, node, '');
  }
  const entry = digits + key;
  if (entry.length < node.maxDigits)
    return walker.push({ kind: 'key-judged', result: 'accepted', entry, listenMs: node.betweenMs });
  walker.push({ kind: 'key-judged', result: 'accepted', entry });
  judgeEntry(walker, node, key);
}

/** Keys are heard during announcements: one pressed there counts at the node they lead to, if it means something there. */
function duringAnnouncement(walker: Walker, node: FlowNode, key: string): void {
  const ahead = key === repeatKey || key === backKey ? null : listenerAhead(walker, node);
  if (ahead?.node.kind === 'collect' && /^\d$/.test(key)) return keyedInEarly(walker, ahead, ahead.node, key);
  const early = ahead && ahead.node.kind !== 'collect' ? means(walker, ahead.node, key) : null;
  const go = early ?? common(walker, key);
  if (!go) return ignore(walker);
  accept(walker);
  if (early && ahead) pass(walker, ahead);
  go();
}

/** The first digit of what is only about to be asked for. */
function keyedInEarly(
  walker: Walker,
  ahead: Ahead,
  collect: Extract<FlowNode, { kind: 'collect' }>,
  key: string,
): void {
  pass(walker, ahead);
  walker.arriveAt(ahead.name);
  keyedIn(walker, collect, key, '');
}

/** What lies between here and the node that listens has its effect all the same. */
function pass(walker: Walker, { flow, values }: Ahead): void {
  for (const set of values) walker.set(set);
  walker.flow = flow;
}

type Ahead = { name: NodeName; node: Listener; flow: Flow; values: Readonly<Record<string, string>>[] };

/** The node that listens to which announcements from here lead, if nothing else lies between that takes time or must be heard. */
function listenerAhead(walker: Walker, from: FlowNode): Ahead | null {
  let { context, flow } = walker;
  const values: Readonly<Record<string, string>>[] = [];
  let node = from;
  let name = walker.position.node;
  for (let passed = 0; passed <= flow.nodes.size; passed++) {
    if (listens(node)) return { name, node, flow, values };
    switch (node.kind) {
      case 'announce':
      case 'say':
        if (!node.bargeIn) return null;
        name = node.next;
        break;
      case 'set':
        values.push(node.values);
        context = withValues(context, node.values);
        name = node.next;
        break;
      case 'branch':
        name = firstThatHolds(node, context);
        break;
      case 'goto': {
        const other = context.flowOf(node.flow);
        if (!other) return null;
        flow = other;
        name = node.node ?? other.start;
        break;
      }
      default:
        return null;
    }
    node = nodeOf(flow, name);
  }
  return null;
}

const firstThatHolds = (node: Extract<FlowNode, { kind: 'branch' }>, context: Walker['context']): NodeName =>
  node.when.find(({ condition }) => holds(condition, context))?.next ?? node.otherwise;
