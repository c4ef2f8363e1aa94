import { asId, type HotlineId } from '../../../events/ids.ts';
import type { Application } from '../../../runtime/application.ts';
import { setSwitchSchema, switchesSchema, switchSchema } from '../contract/switches.ts';
import { fromEngine } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

/**
 * What leads turn on and off for a hotline. Nothing here needs Postgres: a centre must be able to close when its database is away. Who
 * turned what, and when, is an event (SwitchChanged) and as unchangeable as any.
 */
export function switchRoutes(application: Application, limits: HttpLimits): Route[] {
  const list = route({
    method: 'get',
    path: '/api/v1/switches',
    operationId: 'listSwitches',
    summary: 'What can be turned on and off for each hotline, and how it stands',
    tag: 'live',
    access: ['lead', 'admin'],
    replies: { 200: { description: 'Every switch of every hotline', schema: switchesSchema } },
    handle({ res }) {
      res.json({ switches: application.live().switches });
    },
  });

  const set = route({
    method: 'put',
    path: '/api/v1/switches',
    operationId: 'setSwitch',
    summary: 'Turn something on or off for a hotline, from the next caller on',
    tag: 'live',
    access: ['lead', 'admin'],
    body: setSwitchSchema,
    replies: { 200: { description: 'The switch as it is now', schema: switchSchema } },
    refusals: ['unknown-hotline', 'unknown-switch', 'busy'],
    async handle({ res, body, visitor }) {
      const { hotline, name, on } = body;
      const result = await fromEngine(
        application.command({
          kind: 'set-switch',
          hotline: asId<HotlineId>(hotline),
          name,
          on,
          by: visitor.person.user,
        }),
        limits.answerMs,
      );
      if (!result.ok) throw new Refusal(result.code, result.message);
      const now = application.live().switches.find((one) => one.hotline === hotline && one.name === name);
      if (now === undefined) throw new Refusal('unknown-switch', `There is no switch ${name}.`);
      res.json(now);
    },
  });
  return [list, set];
}
