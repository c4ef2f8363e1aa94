import { asId, type FlowId, type NodeName, type PromptId } from '../../events/ids.ts';
import type { CallOutcome } from '../../events/vocabulary.ts';
import type { FlowContext } from '../context.ts';
import type { Flow, FlowNode, givenVariables, WhileWaiting } from '../flow.ts';
import { atStart, type FlowAction, type FlowInput, type FlowPosition, flowStep } from '../interpreter.ts';
import { speakAll } from '../speak.ts';
import type { TrialSetting } from './setting.ts';
import type { Told } from './told.ts';

/** What the call waits for. */
export type Waiting =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'prompt' }
  | {
      readonly kind: 'lookup';
      readonly lookup: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'keys'; readonly ms: number }
  | {
      readonly kind: 'queue';
      readonly node: Extract<FlowNode, { kind: 'enqueue' }>;
      readonly flow: Flow;
      readonly waitedMs: number;
    }
  | { readonly kind: 'recording' }
  | { readonly kind: 'transfer' }
  | { readonly kind: 'end'; readonly outcome: CallOutcome | 'transferred' };

/** The engine's own outcomes are made the same way (calls/outcome.ts); a test holds both to the same calls. */
type Standing = {
  answered: boolean;
  closingAs: CallOutcome | null;
  flowedOut: boolean;
  served: boolean;
};

/**
 * One call that goes through flows by the production interpreter, without telephones and without a clock: what calls/in-flow.ts does with the
 * interpreter's actions is done here in memory. For trying flows out, and for their tests.
 */
export class TrialCall {
  readonly told: Told[] = [];
  readonly values: Map<string, string>;
  /** Inputs so far: a bound for whoever drives the call. */
  inputs = 0;
  score: number | null = null;
  queue: string | null = null;
  priority: number | null = null;
  waiting: Waiting = { kind: 'nothing' };
  #flow: Flow;
  readonly #setting: TrialSetting;
  #position: FlowPosition;
  readonly #standing: Standing = { answered: false, closingAs: null, flowedOut: false, served: false };
  /** Asked, and not answered yet, while something may still be said. */
  #asked: Extract<Waiting, { kind: 'lookup' }> | null = null;

  constructor(flow: Flow, setting: TrialSetting) {
    this.#flow = flow;
    this.#setting = setting;
    this.#position = atStart(flow.start);
    const given: Record<(typeof givenVariables)[number], string> = {
      caller: setting.caller,
      dialled: setting.hotline,
      hotline: setting.hotline,
      language: setting.language,
      agent: '',
      queue: '',
      greeting: setting.calendar.greeting,
    };
    this.values = new Map(Object.entries(given));
    this.enter(flow.start);
  }

  get over(): boolean {
    return this.waiting.kind === 'end';
  }

  get node(): NodeName {
    return this.#position.node;
  }

  enter(node: NodeName): void {
    this.input({ kind: 'enter', node });
  }

  tell(told: Told): void {
    this.told.push(told);
  }

  input(input: FlowInput): void {
    this.inputs += 1;
    if (input.kind === 'prompt-finished') this.#position = { ...this.#position, playing: false };
    const actions = flowStep(this.#flow, this.#position, input, this.#context());
    const stayed = this.waiting;
    if (input.kind === 'prompt-finished') this.waiting = { kind: 'nothing' };
    for (const action of actions) this.#carryOut(action);
    // Music, or a queue that goes on: nothing new came of it.
    if (this.waiting.kind === 'nothing' && stayed.kind === 'queue') this.waiting = stayed;
    if (this.waiting.kind === 'nothing' && this.#asked) this.waiting = this.#asked;
  }

  /** The source that was asked answers. */
  answerLookup(): void {
    const asked = this.#asked;
    if (!asked) return;
    const answer = this.#setting.lookUp(asked.lookup, asked.parameters);
    this.#asked = null;
    this.tell({ kind: 'looked-up', lookup: asked.lookup, parameters: asked.parameters, answer });
    if (typeof answer === 'object') this.#set(answer.found);
    const result = typeof answer === 'object' ? 'found' : answer === 'not-found' ? 'not-found' : 'failed';
    this.#position = { ...this.#position, lookup: result };
    if (this.waiting.kind === 'lookup') this.waiting = { kind: 'nothing' };
    this.input({ kind: 'lookup-ended', result });
  }

  get asked(): boolean {
    return this.#asked !== null;
  }

  /** An agent answers, talks and hangs up first. */
  agentAnswers(): void {
    this.#reached();
    if (this.#flow.afterAgent === null) return this.end('system');
    this.enter(this.#flow.afterAgent);
  }

  /** An agent answers and is lost. */
  agentIsLost(): void {
    this.#reached();
    this.enter(this.#flow.agentLost);
  }

  #reached(): void {
    this.#standing.answered = true;
    this.values.set('agent', '1001');
    this.values.set('queue', this.queue ?? '');
  }

  /** The queue hands the caller on, without room or after the longest wait. */
  flowOut(node: Extract<FlowNode, { kind: 'enqueue' }>, why: 'full' | 'waited'): void {
    this.#standing.flowedOut = true;
    this.waiting = { kind: 'nothing' };
    this.enter(why === 'full' ? node.onFull : node.onTimeout);
  }

  /** What is said now and then to a caller who waits; position and expected wait are the engine's. */
  announceWhileWaiting({ prompts }: WhileWaiting): void {
    const said = this.#words(prompts);
    if (said.length > 0) this.tell({ kind: 'heard', prompts: said });
  }

  leftMessage(): void {
    this.#standing.closingAs = 'voicemail';
    this.input({ kind: 'done', ok: true });
  }

  transferred(): void {
    this.#finish('transferred');
  }

  end(by: 'caller' | 'system'): void {
    this.#finish(this.#outcome(by));
  }

  #outcome(by: 'caller' | 'system'): CallOutcome {
    const { answered, closingAs, flowedOut, served } = this.#standing;
    if (answered) return 'answered';
    if (closingAs !== null) return closingAs;
    if (this.waiting.kind === 'queue') return by === 'caller' ? 'abandoned_in_queue' : 'failed';
    if (flowedOut) return 'failed';
    if (served) return 'self_served';
    return by === 'caller' ? 'abandoned_in_ivr' : 'failed';
  }

  #finish(outcome: CallOutcome | 'transferred'): void {
    this.waiting = { kind: 'end', outcome };
    this.tell({ kind: 'over', outcome });
  }

  #context(): FlowContext {
    const { calendar, timeZone, switches } = this.#setting;
    return {
      values: this.values,
      inHours: calendar.inHours,
      holiday: calendar.holiday,
      minuteOfDay: calendar.minuteOfDay,
      today: calendar.today,
      timeZone,
      switchedOn: (name) => switches.has(name),
      flowOf: (id) => this.#setting.flowOf(id),
    };
  }

  #words(spoken: Parameters<typeof speakAll>[0]): PromptId[] {
    const { today, timeZone } = this.#context();
    return speakAll(spoken, this.values, this.values.get('language') === 'en' ? 'en' : 'zh-CN', {
      today,
      timeZone,
    }).prompts;
  }

  #set(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) this.values.set(name, value);
    this.tell({ kind: 'set', values });
  }

  #carryOut(action: FlowAction): void {
    switch (action.kind) {
      case 'entered':
        return this.#entered(action);
      case 'key-judged':
        this.tell({ kind: 'key', result: action.result });
        if (action.result !== 'ignored') {
          this.#position = {
            ...this.#position,
            playing: false,
            digits: action.entry ?? this.#position.digits,
          };
          this.waiting = { kind: 'nothing' };
        }
        if (action.listenMs !== undefined) this.waiting = { kind: 'keys', ms: action.listenMs };
        return;
      case 'attempt-failed':
        this.#position = { ...this.#position, attempts: action.attempt, digits: '' };
        return this.tell({ kind: 'failed-attempt', attempt: action.attempt, because: action.because });
      case 'served':
        this.#standing.served = true;
        return this.tell({ kind: 'served' });
      case 'set':
        return this.#set(action.values);
      case 'survey-answered':
        this.score = action.score;
        this.#position = { ...this.#position, surveyed: true };
        return this.tell({ kind: 'scored', score: action.score });
      case 'play':
        return this.#play(action.prompts);
      case 'listen':
        this.waiting = { kind: 'keys', ms: action.ms };
        return this.tell({ kind: 'listens', ms: action.ms });
      case 'look-up':
        this.#asked = { kind: 'lookup', lookup: action.lookup, parameters: action.parameters };
        this.waiting = this.#asked;
        return;
      case 'leave-queue':
        this.waiting = { kind: 'nothing' };
        return this.tell({ kind: 'left-queue' });
      case 'enqueue':
        return this.#enqueue(action);
      case 'offer-callback':
        return this.#promise(action.number);
      case 'record':
        this.waiting = { kind: 'recording' };
        return this.tell({ kind: 'records', queue: action.node.queue });
      case 'transfer':
        this.waiting = { kind: 'transfer' };
        return this.tell({ kind: 'dials', number: action.number });
      case 'close': {
        if (action.prompts.length > 0) this.tell({ kind: 'heard', prompts: action.prompts });
        const { answered, closingAs, served } = this.#standing;
        return this.#finish(answered ? 'answered' : (closingAs ?? (served ? 'self_served' : action.outcome)));
      }
      case 'hang-up':
        return this.end('system');
      default:
        return action satisfies never;
    }
  }

  #entered(action: Extract<FlowAction, { kind: 'entered' }>): void {
    const flow = this.#setting.flowOf(asId<FlowId>(action.flow));
    if (flow) this.#flow = flow;
    this.#asked = null;
    this.waiting = { kind: 'nothing' };
    const { trail, surveyed } = this.#position;
    this.#position = { ...atStart(action.node), trail: action.trail ?? trail, surveyed };
    this.tell({ kind: 'entered', flow: action.flow, node: action.node });
  }

  #play(prompts: readonly PromptId[]): void {
    this.#position = { ...this.#position, playing: true, digits: '' };
    this.waiting = { kind: 'prompt' };
    this.tell({ kind: 'heard', prompts });
  }

  #enqueue({ to, prompts }: Extract<FlowAction, { kind: 'enqueue' }>): void {
    this.queue = to.queue;
    this.priority = to.priority;
    this.tell({ kind: 'queued', queue: to.queue, priority: to.priority, skills: to.skills });
    this.waiting = { kind: 'queue', node: to, flow: this.#flow, waitedMs: 0 };
    if (this.#setting.full.has(to.queue)) {
      this.tell({ kind: 'no-room', queue: to.queue });
      return this.flowOut(to, 'full');
    }
    if (prompts.length > 0) this.tell({ kind: 'heard', prompts });
  }

  #promise(number: string): void {
    const promised = /^\+?\d{5,20}$/.test(number);
    this.tell({ kind: 'callback', number, promised });
    if (promised) this.#standing.closingAs = 'callback_requested';
    this.input({ kind: 'done', ok: promised });
  }
}
