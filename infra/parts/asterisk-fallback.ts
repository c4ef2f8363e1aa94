import type { Centre, Hotline, QueueDefinition } from '../../services/calls/centre.ts';
import type { Config } from '../../services/config.ts';
import type { FlowId, NodeName } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import { exitsOf } from '../../services/ivr/exits.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { type FlowPlaces, loadFlowsInForce } from '../../services/runtime/flows-in-force.ts';
import { signInSteps, signOutSteps } from './asterisk-sign-in.ts';
import { PartError } from './part.ts';

/** What Asterisk must know of the centre to serve callers alone: values for `extensions.conf` and `queues.conf`. */
export type FallbackValues = {
  fallbackNumbers: string;
  fallbackSignIns: string;
  fallbackSignOuts: string;
  fallbackQueues: string;
};

/**
 * Reads the centre and its flows, and renders them for Asterisk. Ids and numbers have been checked to hold nothing that its files
 * could take for anything else.
 * @throws {CentreError} when the centre or a flow is wrong.
 */
export function fallbackValues(config: Pick<Config, 'timeZone'> & FlowPlaces, now: Date): FallbackValues {
  const centre = loadCentre(config.centreFile, config.timeZone);
  return renderFallback(centre, loadFlowsInForce(config, centre), instant(now.getTime()));
}

/** @throws {PartError} when a hotline's flow leads to no person. */
export function renderFallback(
  centre: Centre,
  flows: ReadonlyMap<FlowId, Flow>,
  now: Instant,
): FallbackValues {
  const agents = [...centre.agents.values()];
  return {
    fallbackNumbers: blocks([...centre.hotlines.values()], (hotline) => {
      const queue = personQueue(hotline, centre, flows);
      return hotline.numbers.flatMap((number) =>
        extension(number, [
          `Set(HOTLINE_QUEUE=${queue.id})`,
          `Set(HOTLINE_LANGUAGE=${hotline.language})`,
          `Set(HOTLINE_MAX_WAIT_SECONDS=${wholeSeconds(queue.maxWaitMs)})`,
          'Goto(fallback-queue,s,1)',
        ]),
      );
    }),
    fallbackSignIns: blocks(agents, (agent) =>
      extension(agent.id, [...signInSteps(centre, agent, now), 'Return()']),
    ),
    fallbackSignOuts: blocks(agents, (agent) =>
      extension(agent.id, [...signOutSteps(centre, agent, now), 'Return()']),
    ),
    fallbackQueues: blocks([...centre.queues.values()], queueSection),
  };
}

function personQueue(hotline: Hotline, centre: Centre, flows: ReadonlyMap<FlowId, Flow>): QueueDefinition {
  const flow = flows.get(hotline.flow);
  const queue = flow && nearestQueue(flow, flow.person, centre);
  if (!queue)
    throw new PartError(
      `hotline ${hotline.id}: flow "${hotline.flow}" leads to no queue; see its "person" node`,
    );
  return queue;
}

/**
 * The queue that this node leads to first: there may be announcements, lookups and branches on the way. Nobody asks what a branch asks
 * while there is no controller: everyone is taken for the ordinary caller, who goes on at `otherwise`.
 */
function nearestQueue(flow: Flow, from: NodeName, centre: Centre): QueueDefinition | undefined {
  const seen = new Set<NodeName>([from]);
  for (const name of seen) {
    const node = flow.nodes.get(name);
    if (node?.kind === 'enqueue') return centre.queues.get(node.queue);
    if (node?.kind === 'branch') seen.add(node.otherwise);
    if (node) for (const [, to] of exitsOf(name, node)) seen.add(to);
  }
  return undefined;
}

/** Values that Asterisk counts in whole seconds are rounded up: 0 would mean "for ever" or "never". */
function queueSection(queue: QueueDefinition): string[] {
  return [
    `[${queue.id}](fallback-queue)`,
    `timeout = ${wholeSeconds(queue.ringTimeoutMs)}`,
    `wrapuptime = ${Math.ceil(queue.wrapUpMs / 1000)}`,
    `maxlen = ${queue.maxWaiting}`,
    `servicelevel = ${wholeSeconds(queue.serviceLevelThresholdMs)}`,
  ];
}

const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

const extension = (name: string, steps: readonly string[]): string[] =>
  steps.map((step, index) => (index === 0 ? `exten => ${name},1,${step}` : ` same => n,${step}`));

const blocks = <T>(items: readonly T[], render: (item: T) => string[]): string =>
  items.map((item) => render(item).join('\n')).join('\n');
