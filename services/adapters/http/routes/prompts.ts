import type { PromptsPort } from '../../../runtime/prompts-port.ts';
import { roles } from '../contract/common.ts';
import { promptPathSchema, promptsSchema } from '../contract/prompts.ts';
import { Refusal } from '../errors.ts';
import { type Route, route } from '../route.ts';

/** What callers can hear, for whoever is signed in. */
export function promptRoutes(prompts: PromptsPort): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/prompts',
      operationId: 'listPrompts',
      summary: 'Every prompt with its text, its length, and whether there is a studio recording',
      tag: 'operations',
      access: roles,
      replies: { 200: { description: 'All prompts', schema: promptsSchema } },
      handle({ res }) {
        res.json({ prompts: prompts.list() });
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/prompts/{language}/{id}/sound',
      operationId: 'getPromptSound',
      summary: 'A prompt as callers hear it',
      tag: 'operations',
      access: roles,
      params: promptPathSchema,
      replies: { 200: { description: 'A WAV file, 16 kHz', mediaType: 'audio/wav' } },
      refusals: ['unknown-prompt'],
      async handle({ res, params }) {
        const sound = await prompts.sound(params.language, params.id);
        if (sound === null)
          throw new Refusal('unknown-prompt', 'There is no such prompt, or it has not been rendered.');
        res.type('audio/wav').set('cache-control', 'private, no-cache').send(sound);
      },
    }),
  ];
}
