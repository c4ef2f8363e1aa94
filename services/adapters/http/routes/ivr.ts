import { inWords } from '../../../ivr/check/problem.ts';
import { svg } from '../../../ivr/graph/svg.ts';
import type { Application } from '../../../runtime/application.ts';
import type { ActivationResult, FlowDesk, FlowOverview } from '../../../runtime/flow-desk.ts';
import {
  activateFlowSchema,
  type FlowList,
  type FlowOverviewView,
  flowListSchema,
  flowOverviewSchema,
  flowVersionPathSchema,
} from '../contract/ivr.ts';
import { fromEngine } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

/** Flows, their versions, and putting one in force. */
export function ivrRoutes(parts: {
  application: Application;
  flowDesk: FlowDesk;
  limits: HttpLimits;
}): Route[] {
  const { application, flowDesk, limits } = parts;
  const access = ['lead', 'admin'] as const;
  const shown = (overview: FlowOverview): FlowOverviewView => ({
    flow: overview.flow,
    hotlines: [...application.centre.hotlines.values()]
      .filter((h) => h.flow === overview.flow)
      .map((h) => h.id),
    inForce: overview.inForce && activation(overview.inForce),
    versions: overview.versions.map(activation),
    fileDiffers: overview.fileDiffers,
  });

  const list = route({
    method: 'get',
    path: '/api/v1/ivr/flows',
    operationId: 'getFlows',
    summary: 'Call flows, the version in force, and who activated which when',
    tag: 'ivr',
    access,
    replies: { 200: { description: 'Every flow', schema: flowListSchema } },
    handle({ res }) {
      const answer: FlowList = { flows: flowDesk.flows().map(shown) };
      res.json(answer);
    },
  });
  const picture = route({
    method: 'get',
    path: '/api/v1/ivr/flows/{flow}/versions/{version}/picture',
    operationId: 'getFlowPicture',
    summary: 'A version of a flow, drawn',
    tag: 'ivr',
    access,
    params: flowVersionPathSchema,
    replies: { 200: { description: 'SVG', mediaType: 'image/svg+xml' } },
    refusals: ['unknown-flow'],
    handle({ res, params }) {
      const flow = flowDesk.version(params.flow, params.version);
      if (!flow) throw new Refusal('unknown-flow', `Flow "${params.flow}" has no version ${params.version}.`);
      res.type('image/svg+xml').send(svg(flow));
    },
  });
  const activate = route({
    method: 'post',
    path: '/api/v1/ivr/activations',
    operationId: 'activateFlow',
    summary:
      "Put a flow's file in force, or (`version`) an old version again; checked first, and refused whole",
    tag: 'ivr',
    access,
    body: activateFlowSchema,
    replies: { 200: { description: 'The flow as it is now', schema: flowOverviewSchema } },
    refusals: ['unknown-flow', 'flow-refused', 'busy'],
    async handle({ res, body, visitor }) {
      const { flow, version = null } = body;
      const by = visitor.person.user;
      const result = await fromEngine(flowDesk.activate({ flow, version, by }), limits.answerMs);
      if (!result.ok) throw refusalOf(result);
      const now = flowDesk.flows().find((one) => one.flow === flow);
      if (!now) throw new Refusal('unknown-flow', `There is no flow "${flow}".`);
      res.json(shown(now));
    },
  });
  return [list, picture, activate];
}

const activation = ({ version, at, by, rollsBackTo }: FlowOverview['versions'][number]) => ({
  version,
  at,
  by,
  rollsBackTo,
});

const mostProblems = 100;

function refusalOf(result: Extract<ActivationResult, { ok: false }>): Refusal {
  switch (result.code) {
    case 'unknown-flow':
    case 'unknown-version':
      return new Refusal('unknown-flow', result.message);
    case 'busy':
      return new Refusal('busy', result.message);
    case 'unchanged':
      return new Refusal('flow-refused', result.message, { status: 409 });
    case 'refused': {
      const errors = result.problems
        .slice(0, mostProblems)
        .map((problem) => ({ path: problem.where, message: inWords(problem) }));
      return new Refusal('flow-refused', result.message, { errors });
    }
    default:
      return result.code satisfies never;
  }
}
