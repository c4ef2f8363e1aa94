import { z } from 'zod';
import { chosenNotReadyReasons } from '../../../events/vocabulary.ts';
import { idSchema } from './common.ts';

export const agentPathSchema = z.object({ agent: idSchema });

/** PUT /api/v1/agents/{agent}/state; answered with the agent as it is then (`LiveAgent`). */
export const setAgentStateSchema = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.literal('available') }),
    z.strictObject({
      state: z.literal('not-ready'),
      /** `other` when left out. */
      reason: z.enum(chosenNotReadyReasons).optional(),
    }),
    z.strictObject({ state: z.literal('signed-out') }),
  ])
  .meta({ id: 'SetAgentState' });
export type SetAgentState = z.infer<typeof setAgentStateSchema>;
