import { type AgentId, asId } from '../../../events/ids.ts';
import { agentPathSchema } from '../contract/agents.ts';
import { roles } from '../contract/common.ts';
import { browserPhoneSchema } from '../contract/phone.ts';
import { Refusal } from '../errors.ts';
import type { BrowserPhones } from '../options.ts';
import { type Route, route } from '../route.ts';

/** The account of an agent's phone in the browser. Not even leads and administrators get another's. */
export function phoneRoutes(phones: BrowserPhones): Route[] {
  const getPhone = route({
    method: 'get',
    path: '/api/v1/agents/{agent}/phone',
    operationId: 'getBrowserPhone',
    summary: "The agent's own SIP account for the phone in the browser (only for that agent)",
    tag: 'agents',
    access: roles,
    params: agentPathSchema,
    replies: { 200: { description: 'Account, password and where to register', schema: browserPhoneSchema } },
    refusals: ['unknown-agent'],
    handle({ req, res, params, visitor }) {
      const agent = asId<AgentId>(params.agent);
      if (visitor.person.agent !== agent) {
        throw new Refusal('not-allowed', 'Only the agent gets the account of their phone.');
      }
      const account = phones.accountOf(agent);
      if (account === null) {
        throw new Refusal(
          'unknown-agent',
          `Agent ${agent} has no SIP account; is the agent in the centre's definition?`,
        );
      }
      res.json({ ...account, webSocketUrl: req.secure ? phones.secureWebSocketUrl : phones.webSocketUrl });
    },
  });
  return [getPhone];
}
