import type { FlowId, NodeName } from '../events/ids.ts';
import type { FlowContext } from '../ivr/context.ts';
import type { Flow, givenVariables } from '../ivr/flow.ts';
import type { FlowPosition } from '../ivr/position.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';
import { switchKey } from './world.ts';

/** The flow a call is in, in the version it began with; if that is nowhere to be found any more, the one in force. */
export function flowOf(turn: Turn, call: Call): Flow | null {
  return (call.flow && flowFor(turn, call, call.flow.id)) ?? null;
}

/** A flow as this call knows it, or is to know it from here on. */
export function flowFor(turn: Turn, call: Call, id: FlowId): Flow | undefined {
  const { flows } = turn.rules;
  const version = Object.hasOwn(call.flowVersions, id) ? call.flowVersions[id] : undefined;
  return (version === undefined ? undefined : flows.version(id, version)) ?? flows.inForce(id);
}

export function contextOf(turn: Turn, call: Call): FlowContext {
  const { hotline } = call;
  const { today, minuteOfDay, holiday, inHours } = turn.rules.calendar(turn.now);
  return {
    today,
    minuteOfDay,
    holiday,
    inHours,
    timeZone: turn.rules.timeZone,
    values: valuesOf(turn, call),
    switchedOn: (name) => hotline !== null && turn.world.switches.get(switchKey(hotline, name))?.on === true,
    flowOf: (id) => flowFor(turn, call, id),
  };
}

function valuesOf(turn: Turn, call: Call): ReadonlyMap<string, string> {
  const hotline = call.hotline === null ? undefined : turn.rules.centre.hotlines.get(call.hotline);
  const given: Record<(typeof givenVariables)[number], string> = {
    caller: call.callerNumber,
    dialled: call.dialledNumber,
    hotline: call.hotline ?? '',
    language: hotline?.language ?? 'zh-CN',
    agent: call.lastAgent ?? '',
    queue: call.lastQueue ?? '',
    greeting: turn.rules.calendar(call.startedAt).greeting,
  };
  return new Map([...Object.entries(given), ...Object.entries(call.values)]);
}

export const positionIn = (call: Call, node: NodeName): FlowPosition => ({
  node,
  attempts: call.attempts,
  digits: call.digits,
  trail: call.trail,
  playing: call.playback !== null,
  surveyed: call.surveyed,
  lookup: call.lookup?.result ?? null,
});
