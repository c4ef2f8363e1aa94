import { describe, expect, test } from 'vitest';
import { renderFallback } from '../../infra/parts/asterisk-fallback.ts';
import { strandedIn } from '../../infra/supervisor/stranded.ts';
import { afterStep, type Member, memberSteps } from '../../services/adapters/ami/member-steps.ts';
import { asId, type FlowId, type NodeName, type PromptId, type QueueId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import type { Flow, FlowNode } from '../../services/ivr/flow.ts';
import type { FallbackAgent } from '../../services/runtime/fallback-port.ts';
import { queueDefinition, smallCentre } from '../support/small-centre.ts';

const now = instant(Date.parse('2026-03-02T10:00:00Z'));
const node = (name: string) => asId<NodeName>(name);

describe('what Asterisk is told of the centre', () => {
  const enqueue: FlowNode = {
    kind: 'enqueue',
    prompts: [],
    bargeIn: true,
    skills: [],
    whileWaiting: null,
    keys: new Map(),
    queue: asId<QueueId>('repairs'),
    priority: 0,
    onTimeout: node('bye'),
    onFull: node('bye'),
    onOverflow: new Map(),
  };
  const flow: Flow = {
    id: asId<FlowId>('95598'),
    version: 1,
    language: 'zh-CN',
    start: node('help'),
    person: node('help'),
    agentLost: node('help'),
    afterAgent: null,
    nodes: new Map<NodeName, FlowNode>([
      [node('help'), enqueue],
      [
        node('bye'),
        {
          kind: 'hang-up',
          prompts: [{ kind: 'prompt', prompt: asId<PromptId>('goodbye') }],
          bargeIn: true,
          outcome: null,
        },
      ],
    ]),
  };
  const queues = [queueDefinition('billing'), queueDefinition('repairs', { maxWaitMs: 90_500, wrapUpMs: 0 })];
  const rendered = renderFallback(smallCentre(queues), new Map([[flow.id, flow]]), now);

  test('a number leads to the queue of the person node of its flow, for as long as that queue lets wait', () => {
    expect(rendered.fallbackNumbers.split('\n')).toEqual([
      'exten => 95598,1,Set(HOTLINE_QUEUE=repairs)',
      ' same => n,Set(HOTLINE_LANGUAGE=zh-CN)',
      ' same => n,Set(HOTLINE_MAX_WAIT_SECONDS=91)',
      ' same => n,Goto(fallback-queue,s,1)',
    ]);
  });

  test('where the flow would ask who calls, everyone is the ordinary caller', () => {
    const asks: FlowNode = {
      kind: 'branch',
      when: [{ condition: { kind: 'is', variable: 'language', oneOf: ['en'] }, next: node('english') }],
      otherwise: node('help'),
    };
    const nodes = new Map<NodeName, FlowNode>([
      [node('who'), asks],
      [node('english'), { ...enqueue, queue: asId<QueueId>('billing') }],
      ...flow.nodes,
    ]);
    const asking: Flow = { ...flow, person: node('who'), nodes };
    expect(renderFallback(smallCentre(queues), new Map([[flow.id, asking]]), now).fallbackNumbers).toContain(
      'Set(HOTLINE_QUEUE=repairs)',
    );
  });

  test('each queue has its own times; no wrap-up stays none', () => {
    expect(rendered.fallbackQueues).toContain(
      '[repairs](fallback-queue)\ntimeout = 20\nwrapuptime = 0\nmaxlen = 100',
    );
    expect(rendered.fallbackQueues).toContain('[billing](fallback-queue)\ntimeout = 20\nwrapuptime = 10');
  });

  test('an agent who signs in by phone joins all queues of his, and leaves them with either phone', () => {
    expect(rendered.fallbackSignIns).toContain(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the dialplan's own way to name a variable
      'exten => 1002,1,AddQueueMember(billing,PJSIP/${HOTLINE_ACCOUNT},0,,${HOTLINE_AGENT})',
    );
    expect(rendered.fallbackSignOuts.match(/RemoveQueueMember/g)).toHaveLength(2 * 2 * 2);
  });

  test('a hotline whose flow leads to no person is refused by name', () => {
    expect(() => renderFallback(smallCentre(queues), new Map(), now)).toThrow(/hotline 95598: flow "95598"/);
  });
});

describe('an agent in the fallback queues', () => {
  const queues = ['billing', 'repairs'].map((id) => ({ queue: asId<QueueId>(id), penalty: 0 }));
  const agent = (
    intent: FallbackAgent['intent'],
    device: FallbackAgent['device'] = 'sip',
  ): FallbackAgent => ({
    agent: asId('1001'),
    intent,
    device,
  });
  const member = (queue: string, phone = 'PJSIP/1001', paused = false): Member => ({
    queue,
    phone,
    paused,
    penalty: 0,
  });
  const both = queues.map(({ queue }) => member(queue));
  const named = (steps: ReturnType<typeof memberSteps>) =>
    steps.map(({ action, Queue, Interface, Paused }) => [action, Queue, Interface, Paused].join(' ').trim());

  test('nothing is said when all is well', () => {
    expect(memberSteps(agent('ready'), queues, both)).toEqual([]);
    expect(memberSteps(agent('signed-out'), queues, [])).toEqual([]);
  });

  test('where another rank is due the penalty is told, and nothing else', () => {
    const [billing, repairs] = queues.map(({ queue }) => queue) as [QueueId, QueueId];
    const places = [
      { queue: billing, penalty: 3 },
      { queue: repairs, penalty: 0 },
    ];
    const steps = memberSteps(agent('ready'), places, both);
    expect(steps).toEqual([
      { action: 'QueuePenalty', Queue: 'billing', Interface: 'PJSIP/1001', Penalty: '3' },
    ]);
    const members = steps.reduce<readonly Member[]>(afterStep, both);
    expect(memberSteps(agent('ready'), places, members)).toEqual([]);
  });

  test('a pause is one action for all queues', () => {
    expect(named(memberSteps(agent('not-ready'), queues, both))).toEqual(['QueuePause  PJSIP/1001 true']);
  });

  test('another phone joins before the old one leaves', () => {
    expect(named(memberSteps(agent('ready', 'web'), queues, both))).toEqual([
      'QueueAdd billing PJSIP/1001-web false',
      'QueueAdd repairs PJSIP/1001-web false',
      'QueueRemove billing PJSIP/1001',
      'QueueRemove repairs PJSIP/1001',
    ]);
  });

  test('without any phone to be reached the one that is there stays', () => {
    const web = queues.map(({ queue }) => member(queue, 'PJSIP/1001-web'));
    expect(memberSteps(agent('ready', null), queues, web)).toEqual([]);
  });

  test.each(['ready', 'not-ready', 'signed-out'] as const)(
    'from whatever Asterisk has, the steps lead to %s and then to nothing more',
    (intent) => {
      const mess = [
        member('billing', 'PJSIP/1001-web', true),
        member('gone'),
        { ...member('repairs'), penalty: 7 },
      ];
      let members: readonly Member[] = mess;
      for (const step of memberSteps(agent(intent), queues, members)) members = afterStep(members, step);
      expect(memberSteps(agent(intent), queues, members)).toEqual([]);
      expect(members).toHaveLength(intent === 'signed-out' ? 0 : 2);
    },
  );
});

describe('who is stranded without a controller', () => {
  const channel = (name: string, role: string, bridgeid = '', began = 1) => ({
    event: 'CoreShowChannel',
    channel: name,
    uniqueid: `n1-179529785${began}.${began}`,
    application: role === 'queue' ? 'AppQueue' : 'Stasis',
    applicationdata: role === 'queue' ? '(Outgoing Line)' : `hotline,${role},x`,
    bridgeid,
  });

  test('callers alone, the first to come first, and phones that ring or are up for nobody; conversations are not touched', () => {
    const channels = [
      channel('PJSIP/trunk-3', 'arrived', '', 3),
      channel('PJSIP/trunk-1', 'arrived', '', 1),
      channel('PJSIP/trunk-2', 'arrived', 'b2', 2),
      channel('PJSIP/1001-4', 'agent', 'b2'),
      channel('PJSIP/1002-5', 'agent', 'b5'),
      channel('PJSIP/trunk-6', 'arrived', 'b6', 6),
      channel('PJSIP/1003-7', 'queue', 'b7'),
      { ...channel('PJSIP/trunk-8', 'queue', 'b7'), application: 'Queue' },
    ];
    expect(strandedIn(channels)).toEqual({
      callers: ['PJSIP/trunk-1', 'PJSIP/trunk-3', 'PJSIP/trunk-6'],
      phones: ['PJSIP/1002-5'],
    });
  });

  test('a phone that has been rung just now is left alone: the controller is back, and only answers late', () => {
    const rings = (duration: string) => ({ ...channel('PJSIP/1002-5', 'agent', 'b5'), duration });
    expect(strandedIn([rings('00:00:01')]).phones).toEqual([]);
    expect(strandedIn([rings('00:00:04')]).phones).toEqual(['PJSIP/1002-5']);
    expect(strandedIn([rings('01:00:00')]).phones).toEqual(['PJSIP/1002-5']);
  });
});
