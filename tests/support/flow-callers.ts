import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { maskNumber } from '../../services/adapters/http/mask-number.ts';
import type { HotlineAtWork } from './hotline-at-work.ts';
import type { KeyPath, SippCall } from './sipp-call.ts';
import { SippCallers } from './sipp-callers.ts';
import { pause, until } from './until.ts';

/**
 * A caller by real SIP who goes through a flow. `steps`: the node at which the caller waits to be, then what is pressed there: `main-menu 2`,
 * `ask-account 3100000001#`; `hangs-up`; `speaks` (a tone, then #); `.` presses nothing and stays until the service hangs up; nothing: goes on.
 */
export type FlowCaller = {
  name: string;
  to: string;
  /** Default: a number of its own that no customer has. */
  from?: string;
  steps: readonly string[];
  /** Default: every other caller by SIP INFO. */
  by?: KeyPath;
  /** As it must be recorded. */
  outcome: string;
  queue?: string;
  score?: number;
  /** Prompts in this order; others may come between. */
  hears?: readonly string[];
};

/** What became of one: the record, and what happened on the way. */
export type FlowStory = {
  caller: FlowCaller;
  record: { outcome: string; queue: string | null; survey_score: number | null };
  nodes: string[];
  prompts: string[];
};

export type FlowCallersOptions = {
  ratePerSecond?: number;
  audio?: boolean;
  withinMs?: number;
  /** When all calls are over, before their records are read. */
  whenOver?: () => void;
};

/** Lets them all call, several a second, and answers their stories in their order. Throws with everyone who got stuck. */
export async function callThroughFlows(
  hotline: HotlineAtWork,
  all: readonly FlowCaller[],
  { ratePerSecond = 4, audio = false, withinMs = 200_000, whenOver }: FlowCallersOptions = {},
): Promise<FlowStory[]> {
  const watch = new NodeWatch(hotline);
  const playing: Promise<void>[] = [];
  const stuck: string[] = [];
  const stranger = all.map(() => nextStranger());
  const strangerOf = (index: number): string => stranger[index] ?? '';
  const callers = await SippCallers.start({
    ...hotline.instance.callers,
    audio,
    patient: true,
    ratePerSecond,
    dials: all.map(({ to, from }, index) => ({ to, from: from ?? strangerOf(index) })),
    onCall: (call, index) => {
      const caller = all[index];
      if (!caller) throw new Error(`nobody was to make call ${index}`);
      if (caller.from === undefined) watch.strangers.set(call.sipCallId, strangerOf(index));
      playing.push(
        play(watch, call, caller, caller.by ?? (index % 2 === 0 ? 'rfc4733' : 'info')).catch(
          (error: unknown) => {
            stuck.push(`${caller.to} "${caller.name}": ${error instanceof Error ? error.message : error}`);
            call.hangUp();
          },
        ),
      );
    },
  });
  try {
    await callers.allOver(withinMs);
    await Promise.all(playing);
    whenOver?.();
    const stories = await storiesOf(hotline, callers.calls, all, stuck);
    if (stuck.length > 0)
      throw new Error(
        `${stuck.length} of ${all.length} callers got stuck:\n${stuck.join('\n')}\n${stories.map(inWords).join('\n')}`,
      );
    return stories;
  } finally {
    watch.stop();
    await callers.stop();
  }
}

let strangers = 0;
/** Nobody in the demo data has such a number, and nobody has called with it before: who has called within a day is served otherwise. */
const nextStranger = (): string => `1371234${String(strangers++).padStart(4, '0')}`;

async function play(watch: NodeWatch, call: SippCall, caller: FlowCaller, by: KeyPath): Promise<void> {
  await call.answered(20_000);
  for (const step of caller.steps) {
    const [node = '', ...rest] = step.split(' ');
    const what = rest.join(' ');
    await watch.isAt(call, node);
    if (what === 'hangs-up') return call.hangUp();
    if (what === '.') break;
    if (what === 'speaks') await speak(call);
    else
      for (const key of what) {
        await call.press(key, by);
        // As fast as people are: sipp takes one key at a time.
        await pause(150);
      }
  }
  await call.ended(90_000);
}

/** From the end of what the recorder asks, or a little before, until well after its tone. */
async function speak(call: SippCall): Promise<void> {
  await pause(8_000);
  call.media.tone(440);
  await pause(4_000);
  await call.press('#');
}

/** Where calls are in their flows, as the live view tells it. */
class NodeWatch {
  /** Callers with a number of their own are known by it, also when Postgres is away: Call-ID → number. */
  readonly strangers = new Map<string, string>();
  readonly #hotline: HotlineAtWork;
  readonly #idOf = new Map<string, string>();
  readonly #asked = new Set<string>();
  #live: LiveSnapshot | undefined;
  #running = true;

  constructor(hotline: HotlineAtWork) {
    this.#hotline = hotline;
    void this.#look();
  }

  stop(): void {
    this.#running = false;
  }

  async isAt(call: SippCall, node: string): Promise<void> {
    this.#asked.add(call.sipCallId);
    const seen = () => this.#live?.calls.find(({ callId }) => callId === this.#idOf.get(call.sipCallId));
    const there = () => {
      if (call.over) throw new Error(`the call is over, before it was at ${node}`);
      return seen()?.node === node;
    };
    await until(`the call to be at ${node}`, there, {
      withinMs: 120_000,
      everyMs: 50,
      seen: () => ({ node: seen()?.node, stage: seen()?.stage }),
    });
  }

  async #look(): Promise<void> {
    while (this.#running) {
      try {
        for (const [id, number] of this.strangers) {
          const live = this.#live?.calls.find(({ callerNumber }) => callerNumber === maskNumber(number));
          if (live) this.#idOf.set(id, live.callId);
        }
        const unknown = [...this.#asked].filter((id) => !this.#idOf.has(id) && !this.strangers.has(id));
        if (unknown.length > 0) {
          const rows = await this.#hotline.instance.query<{ call_id: string; sip_call_id: string }>(
            'select call_id, sip_call_id from call_record where sip_call_id = any($1)',
            [unknown],
          );
          for (const row of rows) this.#idOf.set(row.sip_call_id, row.call_id);
        }
        this.#live = await this.#hotline.live();
      } catch (error) {
        console.warn(`the live view could not be read: ${error instanceof Error ? error.message : error}`);
      }
      await pause(150);
    }
  }
}

/** As Postgres tells them, in the order of the calls. */
async function storiesOf(
  hotline: HotlineAtWork,
  calls: readonly SippCall[],
  all: readonly FlowCaller[],
  stuck: readonly string[],
): Promise<FlowStory[]> {
  const { query } = hotline.instance;
  let missing: readonly SippCall[] = calls;
  type Row = FlowStory['record'] & { call_id: string; sip_call_id: string };
  const records = await until(
    'the records of all callers',
    async () => {
      const rows = await query<Row>(
        'select call_id, sip_call_id, outcome, queue, survey_score from call_record where sip_call_id = any($1) and ended_at is not null',
        [calls.map(({ sipCallId }) => sipCallId)],
      );
      missing = calls.filter(({ sipCallId }) => !rows.some((row) => row.sip_call_id === sipCallId));
      return missing.length === 0 ? rows : null;
    },
    {
      withinMs: 20_000,
      everyMs: 200,
      seen: () =>
        missing.map((call) => `without: ${all[calls.indexOf(call)]?.name} ${JSON.stringify(call.outcome)}`),
    },
  ).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : error}\n${stuck.join('\n')}`);
  });
  const events = await query<{ call_id: string; type: string; payload: EventPayload }>(
    `select call_id, type, payload from call_event
      where call_id = any($1) and type in ('FlowNodeEntered', 'PromptStarted') order by seq`,
    [records.map(({ call_id }) => call_id)],
  );
  return calls.map((call, index) => {
    const record = records.find(({ sip_call_id }) => sip_call_id === call.sipCallId);
    const caller = all[index];
    if (!record || !caller) throw new Error(`call ${call.sipCallId} has two records`);
    const own = events.filter(({ call_id }) => call_id === record.call_id);
    const { outcome, queue, survey_score } = record;
    return {
      caller,
      record: { outcome, queue, survey_score },
      nodes: own.flatMap(({ type, payload }) =>
        type === 'FlowNodeEntered' && payload.node ? [payload.node] : [],
      ),
      prompts: own.flatMap(({ type, payload }) => (type === 'PromptStarted' ? (payload.prompts ?? []) : [])),
    };
  });
}
type EventPayload = { node?: string; prompts?: string[] };

/** One line for each thing that is not as the caller expected. */
export function disappointments({ caller, record, nodes, prompts }: FlowStory): string[] {
  const wrong: string[] = [];
  if (record.outcome !== caller.outcome) wrong.push(`outcome ${record.outcome}, not ${caller.outcome}`);
  if (caller.queue !== undefined && record.queue !== caller.queue)
    wrong.push(`queue ${record.queue}, not ${caller.queue}`);
  if (caller.score !== undefined && record.survey_score !== caller.score)
    wrong.push(`score ${record.survey_score}, not ${caller.score}`);
  const missed = firstMissing(
    nodes,
    caller.steps.map((step) => step.split(' ')[0] ?? ''),
  );
  if (missed) wrong.push(`was not at ${missed} in its turn`);
  const unheard = firstMissing(prompts, caller.hears ?? []);
  if (unheard) wrong.push(`did not hear ${unheard} in its turn`);
  return wrong.length === 0
    ? []
    : [
        `${caller.to} "${caller.name}": ${wrong.join('; ')}\n    nodes ${nodes.join(' ')}\n    heard ${prompts.join(' ')}`,
      ];
}

/** The first that does not come in this order; one that is named again may be the same visit. */
function firstMissing(seen: readonly string[], wanted: readonly string[]): string | null {
  let at = 0;
  let last = '';
  for (const one of wanted) {
    const next = seen.indexOf(one, at);
    if (next === -1) {
      if (one === last) continue;
      return one;
    }
    at = next + 1;
    last = one;
  }
  return null;
}

const inWords = ({ caller, record, nodes }: FlowStory): string =>
  `${caller.to} "${caller.name}": ${record.outcome}; ${nodes.join(' ')}`;
