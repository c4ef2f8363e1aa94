import type { AgentIntent } from '../events/events.ts';
import { asId, type PromptId } from '../events/ids.ts';
import { applyIntent } from './agent-requests.ts';
import type { Call } from './call.ts';
import { closeWith } from './closing.ts';
import type { Turn } from './turn.ts';

/** What an agent can dial from any phone (contract.md, Telephony). */
export const featureCodes = {
  '*11': { intent: { kind: 'ready' }, confirmation: 'agent-ready' },
  '*12': { intent: { kind: 'not-ready', reason: 'other' }, confirmation: 'agent-not-ready' },
  '*10': { intent: { kind: 'signed-out' }, confirmation: 'agent-signed-out' },
} as const satisfies Record<string, { intent: AgentIntent; confirmation: string }>;

export type FeatureCode = keyof typeof featureCodes;

export function featureCodeOf(call: Call): FeatureCode | null {
  const code = call.dialledNumber;
  return call.source === 'agent' && code in featureCodes ? (code as FeatureCode) : null;
}

/**
 * Confirms and, for all but *11, acts at once. "Ready" takes effect when this very call ends (see callerLeft): until then the
 * phone is busy with it, and a caller would be turned away by a phone that can hold one call only.
 */
export function carryOutFeatureCode(turn: Turn, call: Call, code: FeatureCode): void {
  const { intent, confirmation } = featureCodes[code];
  const known = call.dialledBy !== null && turn.rules.centre.agents.has(call.dialledBy);
  if (known && call.dialledBy && intent.kind !== 'ready')
    applyIntent(turn, call.dialledBy, intent, `dialled ${code}`);
  closeWith(turn, call, {
    prompts: [asId<PromptId>(known ? confirmation : 'agent-unknown')],
    outcome: known ? 'self_served' : 'failed',
    because: `feature code ${code}`,
  });
}

/** The agent's own call has ended: a "ready" dialled with it takes effect. */
export function featureCallEnded(turn: Turn, call: Call): void {
  if (featureCodeOf(call) !== '*11' || call.dialledBy === null || call.stage.kind === 'arriving') return;
  if (turn.rules.centre.agents.has(call.dialledBy))
    applyIntent(turn, call.dialledBy, { kind: 'ready' }, 'dialled *11');
}
