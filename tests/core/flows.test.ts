import { describe, expect, test } from 'vitest';
import { asId, type NodeName } from '../../services/events/ids.ts';
import type { FlowContext } from '../../services/ivr/context.ts';
import { atStart, type FlowInput, type FlowPosition, flowStep } from '../../services/ivr/interpreter.ts';
import { parseFlow } from '../../services/ivr/parse-flow.ts';
import { mermaid, walk } from '../../services/ivr/walk.ts';

const around = {
  queues: new Set(['billing']),
  prompts: new Set(['hello', 'menu', 'sorry', 'bye', 'invalid-key', 'no-input']),
};
const text = () => ({
  flow: 'test',
  version: 1,
  language: 'en',
  start: 'welcome',
  person: 'person',
  agentLost: 'person',
  nodes: {
    welcome: { kind: 'announce', prompts: ['hello'], next: 'menu' },
    menu: { kind: 'menu', prompts: ['menu'], keys: { '1': 'info' }, listenSeconds: 4, maxAttempts: 2 },
    info: { kind: 'announce', prompts: ['hello'], serves: true, next: 'bye' },
    person: { kind: 'enqueue', queue: 'billing', onTimeout: 'bye', onFull: 'bye' },
    bye: { kind: 'hang-up', prompts: ['bye'] },
  } as Record<string, Record<string, unknown>>,
});
const flow = () => {
  const result = parseFlow(text(), around);
  if (!('flow' in result)) throw new Error(JSON.stringify(result.problems));
  return result.flow;
};
const at = (node: string, attempts = 0): FlowPosition => ({ ...atStart(asId<NodeName>(node)), attempts });
const context: FlowContext = {
  values: new Map(),
  inHours: () => true,
  holiday: null,
  switchedOn: () => false,
  minuteOfDay: 600,
  today: '2026-03-02',
  timeZone: 'Asia/Shanghai',
  flowOf: () => undefined,
};
const step = (position: FlowPosition, input: FlowInput) => flowStep(flow(), position, input, context);
const problems = (change: (flow: ReturnType<typeof text>) => unknown) => {
  const changed = text();
  change(changed);
  const result = parseFlow(changed, around);
  return 'problems' in result ? result.problems.map((p) => `${p.where}: ${p.problem}`) : [];
};

describe('walking a flow', () => {
  test('a menu listens after its prompt, and says what failed before it asks again', () => {
    expect(step(at('menu'), { kind: 'prompt-finished' })).toEqual([{ kind: 'listen', ms: 4_000 }]);
    expect(step(at('menu'), { kind: 'silence' })).toEqual([
      { kind: 'attempt-failed', because: 'no-input', attempt: 1 },
      { kind: 'play', prompts: ['no-input', 'menu'] },
    ]);
  });

  test('the last failed attempt leads to a person', () => {
    expect(step(at('menu', 1), { kind: 'key', key: '7' })).toMatchObject([
      { kind: 'key-judged', result: 'invalid' },
      { kind: 'attempt-failed', attempt: 2 },
      { kind: 'entered', node: 'person' },
      { kind: 'enqueue', to: { queue: 'billing' } },
    ]);
  });

  test('0 is a person, 9 repeats and * goes back in every menu without being listed', () => {
    const entered = (key: string) =>
      step(at('menu'), { kind: 'key', key })
        .filter((a) => a.kind === 'entered')
        .map((a) => a.node);
    expect([entered('0'), entered('9'), entered('*'), entered('1')]).toEqual([
      ['person'],
      ['menu'],
      ['welcome'],
      ['info'],
    ]);
  });

  test('having heard an announcement that serves, the caller is served', () => {
    expect(step(at('info'), { kind: 'prompt-finished' })).toEqual([
      { kind: 'served' },
      { kind: 'entered', flow: 'test', version: 1, node: 'bye', trail: null },
      { kind: 'play', prompts: ['bye'] },
    ]);
    expect(step(at('bye'), { kind: 'prompt-finished' })).toEqual([{ kind: 'hang-up' }]);
  });
});

describe('checking a flow', () => {
  test('the good one has no problem', () => {
    expect(problems(() => undefined)).toEqual([]);
  });
  test('names that lead nowhere, prompts and queues that are not there, all at once', () => {
    expect(
      problems((f) => {
        f.nodes.menu = { kind: 'menu', prompts: ['nonsense'], keys: { '1': 'nowhere' } };
        f.nodes.person = { kind: 'enqueue', queue: 'sales', onTimeout: 'bye', onFull: 'bye' };
        f.start = 'begin';
      }),
    ).toEqual([
      'start: there is no node "begin"',
      'nodes.menu.keys.1: there is no node "nowhere"',
      'nodes.menu.prompts: there is no prompt "nonsense"',
      'nodes.person.queue: there is no queue "sales"',
    ]);
  });
  test('a node no caller can reach', () => {
    expect(problems((f) => Object.assign(f.nodes, { island: { kind: 'hang-up' } }))).toEqual([
      'nodes.island: no caller can get here',
    ]);
  });
  test('a person who is no queue, a key that is none, a menu without words', () => {
    expect(problems((f) => Object.assign(f, { person: 'bye' }))).toEqual([
      'person: "bye" is no enqueue node, and leads to none',
    ]);
    expect(
      problems((f) =>
        Object.assign(f.nodes, { menu: { kind: 'menu', prompts: ['menu'], keys: { a: 'info' } } }),
      )[0],
    ).toMatch(/nodes\.menu\.keys\.a/);
    expect(
      problems((f) => Object.assign(f.nodes, { menu: { kind: 'menu', prompts: [], keys: {} } }))[0],
    ).toMatch(/nodes\.menu\.prompts/);
  });
});

describe('trying a flow without a telephone', () => {
  test('keys lead a caller through it, with silences and to the end', () => {
    expect(walk(flow(), ['.', '0'])).toEqual({
      steps: [
        'enters welcome',
        'hears hello',
        'enters menu',
        'hears menu',
        'is listened to for 4 s',
        'caller is silent',
        'attempt 1 failed: no-input',
        'hears no-input, menu',
        'is listened to for 4 s',
        'caller presses 0',
        'key accepted',
        'enters person',
        'joins queue billing',
      ],
      end: 'enqueue',
    });
    expect(walk(flow(), ['1']).end).toBe('hang-up');
    expect(walk(flow(), []).end).toBe('still-listening');
  });

  test('its picture names every node and every key', () => {
    const picture = mermaid(flow());
    for (const name of flow().nodes.keys()) expect(picture).toContain(`["${name} ·`);
    expect(picture).toContain('n_menu -- "1" --> n_info');
    expect(picture).toContain('n_menu -- "9" --> n_menu');
  });
});
