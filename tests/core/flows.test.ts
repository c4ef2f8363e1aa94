import { describe, expect, test } from 'vitest';
import { asId, type NodeName } from '../../services/events/ids.ts';
import { buildFlow } from '../../services/ivr/build-flow.ts';
import type { FlowContext } from '../../services/ivr/context.ts';
import { flowText } from '../../services/ivr/flow-text.ts';
import { boxHeight, boxWidth, layOut } from '../../services/ivr/graph/layout.ts';
import { mermaid } from '../../services/ivr/graph/mermaid.ts';
import { pictureOf } from '../../services/ivr/graph/picture.ts';
import { svg } from '../../services/ivr/graph/svg.ts';
import { atStart, type FlowInput, type FlowPosition, flowStep } from '../../services/ivr/interpreter.ts';
import { answersInTurn, type TrialSetting } from '../../services/ivr/trial/setting.ts';
import { takeSteps } from '../../services/ivr/trial/take-steps.ts';
import { inWords } from '../../services/ivr/trial/told.ts';

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
const flow = () => buildFlow(flowText.parse(text()), 1);
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

describe('an announcement that is heard once', () => {
  const once = buildFlow(
    flowText.parse({
      ...text(),
      nodes: { ...text().nodes, info: { kind: 'announce', prompts: ['hello'], once: 'told', next: 'bye' } },
    }),
    1,
  );
  const withValue = (told: string) => ({ ...context, values: new Map([['told', told]]) });

  test('counts as heard when it has come to its end, not before: who is cut off in it hears it again', () => {
    expect(flowStep(once, at('menu'), { kind: 'key', key: '1' }, context)).toMatchObject([
      { kind: 'key-judged' },
      { kind: 'entered', node: 'info' },
      { kind: 'play', prompts: ['hello'] },
    ]);
    expect(flowStep(once, at('info'), { kind: 'prompt-finished' }, context)).toMatchObject([
      { kind: 'set', values: { told: 'yes' } },
      { kind: 'entered', node: 'bye' },
      { kind: 'play', prompts: ['bye'] },
    ]);
    expect(flowStep(once, at('menu'), { kind: 'key', key: '1' }, withValue(''))).toHaveLength(3);
  });

  test('is passed by whoever has heard it, and the caller goes on at once', () => {
    expect(flowStep(once, at('menu'), { kind: 'key', key: '1' }, withValue('yes'))).toMatchObject([
      { kind: 'key-judged' },
      { kind: 'entered', node: 'info' },
      { kind: 'entered', node: 'bye' },
      { kind: 'play', prompts: ['bye'] },
    ]);
  });
});

describe('trying a flow without a telephone', () => {
  const setting: TrialSetting = {
    flowOf: (id) => (id === flow().id ? flow() : undefined),
    hotline: 'test',
    language: 'en',
    caller: '13800138000',
    calendar: { inHours: () => true, holiday: null, minuteOfDay: 600, today: '2026-03-02', greeting: '' },
    timeZone: 'Asia/Shanghai',
    switches: new Set(),
    lookUp: answersInTurn({}),
    full: new Set(),
  };
  const walk = (...steps: string[]) => takeSteps(flow(), setting, steps);

  test('keys lead a caller through it, with silences and to the end', () => {
    expect(walk('.', '0').told.map(inWords)).toEqual([
      '  enters welcome',
      '    hears hello',
      '  enters menu',
      '    hears menu',
      '    is listened to for 4 s',
      'caller is silent',
      '    attempt 1 failed: no-input',
      '    hears no-input, menu',
      '    is listened to for 4 s',
      'caller presses 0',
      '    the key is accepted',
      '  enters person',
      '    joins queue billing, priority 0',
    ]);
    expect(walk('1').waiting).toEqual({ kind: 'end', outcome: 'self_served' });
    expect(walk().waiting.kind).toBe('keys');
  });

  test('a step that cannot be taken where the call is, is told as such', () => {
    expect(() => walk('answered')).toThrow('"answered" needs a queue or a transfer, but at menu');
    expect(() => walk('0', 'speaks')).toThrow('"speaks" needs a recorder, but at person');
  });

  test('its picture names every node and every key of its own; keys that work everywhere are left out', () => {
    const picture = mermaid(flow());
    for (const name of flow().nodes.keys()) expect(picture).toContain(`["${name} ·`);
    expect(picture).toContain('n_menu -- "1" --> n_info');
    expect(picture).not.toContain('"9"');
  });

  test('it is drawn: every box inside the picture, no box over another, and nothing that could run', () => {
    const picture = pictureOf(flow());
    const { boxes, width, height } = layOut(picture);
    const places = [...boxes.values()];
    for (const { x, y } of places) {
      expect(x).toBeGreaterThan(0);
      expect(y).toBeGreaterThan(0);
      expect(x).toBeLessThan(width);
      expect(y).toBeLessThan(height);
    }
    for (const [i, one] of places.entries())
      for (const other of places.slice(i + 1))
        expect(Math.abs(one.x - other.x) >= boxWidth || Math.abs(one.y - other.y) >= boxHeight).toBe(true);
    expect(svg(flow())).toMatch(/^<svg /);
    expect(svg(flow())).not.toMatch(/<script|javascript:| on\w+=/);
  });
});
