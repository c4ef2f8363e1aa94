import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { renderFallback } from '../../infra/parts/asterisk-fallback.ts';
import { type PromptLanguage, type PromptTexts, readPromptTexts } from '../../infra/prompts/texts.ts';
import type { Centre } from '../../services/calls/centre.ts';
import { instant } from '../../services/events/instant.ts';
import { checkFlows } from '../../services/ivr/check/check-flows.ts';
import { mermaid } from '../../services/ivr/graph/mermaid.ts';
import { svg } from '../../services/ivr/graph/svg.ts';
import { fragmentIds } from '../../services/ivr/speak.ts';
import { takeStep, untilItWaits } from '../../services/ivr/trial/take-steps.ts';
import { TrialCall } from '../../services/ivr/trial/trial-call.ts';
import { CentreError, parseCentre } from '../../services/runtime/centre-file.ts';
import { loadFlows } from '../../services/runtime/flow-files.ts';
import { trialSetting } from '../../services/runtime/flow-test-files.ts';
import { demoWorld } from '../support/demo-flows.ts';
import { smallSurroundings } from '../support/flow-surroundings.ts';
import { damaged, mutated } from '../support/mutate.ts';
import { silentStep } from '../support/random-callers.ts';
import { type Chance, chance } from '../support/seeded.ts';

const dialplans = join(import.meta.dirname, '../../dialplans');
const read = (...path: string[]) => readFileSync(join(dialplans, ...path), 'utf8');
const demoCentre = read('centre.yaml');
const flowFiles = readdirSync(join(dialplans, 'ivr')).filter((name) => /^\w+\.yaml$/.test(name));

/** A file after an accident: a value changed, some characters lost, cut off, or no text at all. */
function hurt(text: string, dice: Chance): string {
  switch (dice.below(8)) {
    case 0:
      return text.slice(0, dice.below(text.length));
    case 1:
      return dice.bytes(dice.below(200)).toString('latin1');
    case 2:
      return dice.one(hopeless);
    case 3:
    case 4:
      return damaged(text, dice);
    default:
      return stringify(mutated(parse(text), dice) ?? null);
  }
}

const hopeless = [
  '',
  'null',
  '- - - -',
  '['.repeat(3_000),
  `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n${'d: [*c, *c, *c, *c]\n'.repeat(1)}e: &e [*c, *c]\nf: [${'*e, '.repeat(200)}]`,
  '%YAML 9.9\n---\n!!js/function "x"',
  'a: *nobody',
  '? {a: b}\n: c',
  '__proto__: {hotlines: 1}\nconstructor: {prototype: 1}',
];

/** What a reader makes of a text: a result, or problems that name the file. Anything else is a failure of ours. */
function outcome<T>(readIt: () => T): { accepted: T } | { problems: readonly string[] } {
  try {
    return { accepted: readIt() };
  } catch (error) {
    if (!(error instanceof CentreError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const problem of error.problems) expect(problem).toMatch(/^\S+\.yaml(:\d+)?: .|^\S+: hotline /);
    return { problems: error.problems };
  }
}

describe('a damaged file is refused with its problems, or it is whole', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hotline-files-'));
    for (const part of ['ivr', 'prompts', 'calendar.yaml', 'lookups.yaml'])
      cpSync(join(dialplans, part), join(folder, part), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('600 accidents to centre.yaml: what is accepted can be served', () => {
    const dice = chance();
    const counts = { accepted: 0, refused: 0 };
    for (let i = 0; i < 600; i += 1) {
      const text = hurt(demoCentre, dice);
      const result = outcome(() => parseCentre(text, 'centre.yaml'));
      if ('problems' in result) {
        counts.refused += 1;
        continue;
      }
      counts.accepted += 1;
      expectWhole(result.accepted);
      const flows = outcome(() => loadFlows(join(folder, 'ivr'), join(folder, 'prompts'), result.accepted));
      if ('accepted' in flows) renderFallback(result.accepted, flows.accepted, instant(0));
    }
    // Both happen often: about a tenth is accepted, whatever the seed.
    expect(counts.accepted).toBeGreaterThan(20);
    expect(counts.refused).toBeGreaterThan(20);
  }, 600_000);

  test('200 accidents to flows and prompts: what is accepted leads somewhere, whatever is pressed', () => {
    const dice = chance();
    const centre = parseCentre(demoCentre, 'centre.yaml');
    const files = [...flowFiles.map((name) => ['ivr', name] as const), ['prompts', 'zh-CN.yaml'] as const];
    const counts = { accepted: 0, refused: 0 };
    for (let i = 0; i < 200; i += 1) {
      const [part, name] = dice.one(files);
      writeFileSync(join(folder, part, name), hurt(read(part, name), dice));
      const result = outcome(() => loadFlows(join(folder, 'ivr'), join(folder, 'prompts'), centre));
      writeFileSync(join(folder, part, name), read(part, name));
      if ('problems' in result) {
        counts.refused += 1;
        continue;
      }
      counts.accepted += 1;
      renderFallback(centre, result.accepted, instant(0));
      for (const flow of result.accepted.values()) {
        mermaid(flow);
        svg(flow);
        for (let caller = 0; caller < 5; caller += 1) {
          const circumstances = { at: '2026-03-02T10:00', caller: '', switches: [], lookups: {}, full: [] };
          const call = new TrialCall(
            flow,
            trialSetting({ ...demoWorld, flows: result.accepted }, flow.id, circumstances),
          );
          for (let step = 0; step < 12; step += 1) {
            untilItWaits(call);
            if (call.over) break;
            takeStep(call, dice.one([...'0123456789*#']));
          }
          for (let silent = 0; !call.over; silent += 1) {
            untilItWaits(call);
            expect(silent, `${name}: flow ${flow.id} keeps a silent caller at ${call.node}`).toBeLessThan(60);
            if (!call.over) takeStep(call, silentStep(call));
          }
        }
      }
    }
    expect(counts.accepted).toBeGreaterThan(10);
    expect(counts.refused).toBeGreaterThan(10);
  }, 600_000);

  test('150 accidents to the texts of prompts: refused with the name of the file, or every language has every text', () => {
    const dice = chance();
    for (let i = 0; i < 150; i += 1) {
      const name = dice.one(['zh-CN.yaml', 'en.yaml']);
      writeFileSync(join(folder, 'prompts', name), hurt(read('prompts', name), dice));
      try {
        const texts = readPromptTexts(join(folder, 'prompts'));
        expect(withoutFragments(texts, 'en')).toEqual(withoutFragments(texts, 'zh-CN'));
      } catch (error) {
        expect(String(error)).toMatch(/^Error: \S+\.yaml: ./);
      }
      writeFileSync(join(folder, 'prompts', name), read('prompts', name));
    }
  }, 600_000);

  test('two files of one flow: neither wins unnoticed', () => {
    const centre = parseCentre(demoCentre, 'centre.yaml');
    writeFileSync(join(folder, 'ivr', 'copy.yaml'), read('ivr', '95598.yaml'));
    const result = outcome(() => loadFlows(join(folder, 'ivr'), join(folder, 'prompts'), centre));
    expect(result).toEqual({
      problems: [expect.stringMatching(/copy\.yaml:\d+: flow: .*95598\.yaml defines "95598" too/)],
    });
  });
});

describe('a flow on which a caller could go round for ever is refused', () => {
  const flow = (nodes: Record<string, unknown>, start = 'person') =>
    stringify({
      ...{ flow: 'f', version: 1, language: 'en', start, person: 'person', agentLost: 'person' },
      nodes: { end: { kind: 'hang-up', prompts: ['bye'] }, ...nodes },
    });
  const queue = (onFull: string, onTimeout = 'end') => ({
    kind: 'enqueue',
    queue: 'billing',
    onFull,
    onTimeout,
  });
  const loopsOf = (text: string) =>
    checkFlows([{ file: 'f.yaml', text }], smallSurroundings)
      .filter(({ kind }) => kind === 'loop')
      .map(({ where, what }) => `${where}: ${what}`);

  test('a full queue that hands the caller on to itself, or to another and back', () => {
    expect(loopsOf(flow({ person: queue('person') }))).toEqual([
      expect.stringMatching(/^nodes\.person: person leads to itself for ever/),
    ]);
    expect(loopsOf(flow({ person: queue('other'), other: queue('person') }))).toEqual([
      expect.stringContaining('person → other → person'),
    ]);
    // Waiting again after the longest wait takes time, and so does an announcement on the way back.
    expect(loopsOf(flow({ person: queue('end', 'person') }))).toEqual([]);
    const again = { kind: 'announce', prompts: ['info'], next: 'person' };
    expect(loopsOf(flow({ person: queue('again'), again }))).toEqual([]);
  });

  test('announcements that lead to each other', () => {
    const loop = {
      person: queue('end'),
      a: { kind: 'announce', prompts: ['info'], next: 'b' },
      b: { kind: 'announce', prompts: ['info'], next: 'a' },
    };
    expect(loopsOf(flow(loop, 'a'))).toEqual([expect.stringContaining('a → b → a')]);
  });
});

/** Each language puts values together from words of its own. */
function withoutFragments(texts: PromptTexts, language: PromptLanguage): string[] {
  const fragments = new Set<string>([...fragmentIds('zh-CN'), ...fragmentIds('en')]);
  return Object.keys(texts[language])
    .filter((id) => !fragments.has(id))
    .sort();
}

/** Nothing half-made: every reference leads somewhere, every number is one. */
function expectWhole(centre: Centre): void {
  for (const agent of centre.agents.values())
    for (const queue of agent.queues) expect(centre.queues.has(queue)).toBe(true);
  for (const queue of centre.queues.values())
    for (const value of Object.values(queue))
      if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0).toBe(true);
  for (const hotline of centre.hotlines.values()) expect(hotline.numbers.length).toBeGreaterThan(0);
  expect(JSON.stringify([...centre.agents, ...centre.queues, ...centre.users])).not.toMatch(
    /\\u0000|\\ud[89a-f]/i,
  );
}
