import { type Agent, reasonOf, stateOf } from '../../../services/agents/agent.ts';
import type { Step } from './explore.ts';

/** From state and input to what became of it, in words. */
export type Outcomes = Map<string, Map<string, Set<string>>>;

/** The three facts of which an agent's state is made. */
export function factsOf(agent: Agent | undefined): string {
  if (agent === undefined) return 'never heard of';
  const state = stateOf(agent);
  const phone = agent.devices.length > 0 ? 'a phone' : 'no phone';
  if (agent.work.kind === 'none') {
    const reason = reasonOf(agent);
    const name = reason === null ? state : `${state} (${reason})`;
    return state === 'available' || state === 'unreachable' ? name : `${name}, ${phone}`;
  }
  const { intent } = agent;
  return `${state}, wants ${intent.kind}${intent.kind === 'not-ready' ? ` (${intent.reason})` : ''}, ${phone}`;
}

export function addStep(outcomes: Outcomes, { before, after, input, because }: Step): void {
  const ofState = outcomes.get(factsOf(before)) ?? new Map<string, Set<string>>();
  outcomes.set(factsOf(before), ofState);
  const ofInput = ofState.get(input) ?? new Set<string>();
  ofState.set(input, ofInput);
  ofInput.add(because === null ? nothing : `${factsOf(after)} | ${because}`);
}

const nothing = 'nothing changes';

/** The table as it is committed: for each state, what it becomes, why, and by what. */
export function asMarkdown(outcomes: Outcomes, about: string): string {
  const sections = [...outcomes].sort(byName).map(([state, inputs]) => {
    const by = new Map<string, string[]>();
    for (const [input, results] of [...inputs].sort(byName))
      for (const result of results) by.set(result, [...(by.get(result) ?? []), input]);
    const without = by.get(nothing) ?? [];
    by.delete(nothing);
    const rows = [...by].sort(byName).map(([result, causes]) => `| ${causes.join('<br>')} | ${result} |`);
    return [
      `## ${state}`,
      '',
      ...(rows.length > 0 ? ['| input | becomes | because |', '|---|---|---|', ...rows, ''] : []),
      `Nothing may change with: ${inFamilies(without) || '(every input changes something)'}`,
      '',
    ].join('\n');
  });
  return `${about}\n${sections.join('\n')}`;
}

/** `leg ends: busy`, `leg ends: normal` → `leg ends: busy, normal`. */
function inFamilies(inputs: readonly string[]): string {
  const families = Map.groupBy(inputs, (input) => input.slice(0, input.lastIndexOf(':') + 1));
  return [...families]
    .map(([family, members]) =>
      family === ''
        ? members.join(' · ')
        : `${family} ${members.map((member) => member.slice(family.length + 1)).join(', ')}`,
    )
    .join(' · ');
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
