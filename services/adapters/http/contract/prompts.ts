import { z } from 'zod';

export const promptLanguages = ['zh-CN', 'en'] as const;

export const promptSchema = z
  .object({
    language: z.enum(promptLanguages),
    id: z.string(),
    text: z.string(),
    /** A word that values are put together from: numbers, money, days. */
    fragment: z.boolean(),
    /** There is a studio recording; otherwise speech synthesis is heard. */
    recorded: z.boolean(),
    /** null: it has not been rendered. */
    lengthMs: z.number().int().nonnegative().nullable(),
  })
  .meta({ id: 'Prompt' });
export type PromptRow = z.infer<typeof promptSchema>;

/** GET /api/v1/prompts */
export const promptsSchema = z.object({ prompts: z.array(promptSchema) }).meta({ id: 'Prompts' });
export type PromptsList = z.infer<typeof promptsSchema>;

/** GET /api/v1/prompts/{language}/{id}/sound */
export const promptPathSchema = z.object({
  language: z.enum(promptLanguages),
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .max(100),
});
