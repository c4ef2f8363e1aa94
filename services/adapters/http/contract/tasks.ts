import { z } from 'zod';
import { taskKinds } from '../../../events/vocabulary.ts';
import {
  idSchema,
  instantSchema,
  plainText,
  revealFields,
  revealIsComplete,
  revealProblem,
} from './common.ts';

export const taskStates = ['open', 'done'] as const;

/** GET /api/v1/tasks. Agents see those that are theirs to do. Open ones come oldest first, others newest first. */
export const tasksQuerySchema = z.strictObject({
  state: z.enum(taskStates).optional(),
  kind: z.enum(taskKinds).optional(),
  queue: idSchema.optional(),
  /** A user's name. */
  assignedTo: idSchema.optional(),
  limit: z
    .string()
    .regex(/^([1-9]|[1-9]\d|1\d\d|200)$/, 'a whole number from 1 to 200')
    .optional()
    .meta({ description: '1 to 200; 50 when left out.' }),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(200).optional(),
});
export type TasksFilter = z.infer<typeof tasksQuerySchema>;

export const taskPathSchema = z.object({ id: idSchema });
/** Whoever is to do a task may see its number too: the reason and the look are kept. */
export const taskQuerySchema = z.strictObject(revealFields).refine(revealIsComplete, revealProblem);

export const taskSchema = z
  .object({
    taskId: z.string(),
    openedAt: instantSchema,
    kind: z.enum(taskKinds),
    /** The call it comes from; null when it comes from none. */
    callId: z.string().nullable(),
    hotline: z.string().nullable(),
    queue: z.string().nullable(),
    /** Whose conversation it is about. */
    agent: z.string().nullable(),
    /** The number to call: masked unless revealed; '' when there is none. */
    number: z.string(),
    /** In English words, as it was opened. */
    because: z.string(),
    /** What the caller said: GET /api/v1/recordings/{id}; null: nothing. */
    recording: z.string().nullable(),
    assignedTo: z.string().nullable(),
    /** null while it is open. */
    doneAt: instantSchema.nullable(),
    doneBy: z.string().nullable(),
    note: z.string(),
  })
  .meta({ id: 'Task' });
export type TaskRow = z.infer<typeof taskSchema>;

export const tasksPageSchema = z
  .object({
    tasks: z.array(taskSchema),
    /** null on the last page. */
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'TasksPage' });
export type TasksPage = z.infer<typeof tasksPageSchema>;

/** PUT /api/v1/tasks/{id}; answered with the task as it is then. What is left out stays as it is. */
export const changeTaskSchema = z
  .strictObject({
    state: z.enum(taskStates).optional(),
    /** A user's name; null: nobody. Leads and administrators only. */
    assignedTo: idSchema.nullable().optional(),
    note: plainText(500).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'say what is to be different')
  .meta({ id: 'ChangeTask' });
export type ChangeTask = z.infer<typeof changeTaskSchema>;
