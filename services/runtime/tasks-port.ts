import type { CallId, HotlineId, QueueId, RecordingId, TaskId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { TaskKind } from '../events/vocabulary.ts';
import type { AuditEntry } from './people-port.ts';

/** Something a person has to see to, and whether somebody has. */
export type Task = {
  taskId: TaskId;
  openedAt: Instant;
  kind: TaskKind;
  callId: CallId | null;
  hotline: HotlineId | null;
  queue: QueueId | null;
  /** Whose conversation it is about. */
  agent: string | null;
  /** The number to call, '' when there is none. */
  number: string;
  because: string;
  /** What the caller said to the recorder; null: nothing. */
  recording: RecordingId | null;
  /** The user who is to do it; null: nobody yet. */
  assignedTo: string | null;
  doneAt: Instant | null;
  doneBy: string | null;
  /** What whoever did it has to say. */
  note: string;
};

export type TasksCursor = { openedAt: Instant; taskId: TaskId };

/** Which tasks; null means any. Open ones come oldest first, others newest first. */
export type TasksQuery = {
  state: 'open' | 'done' | null;
  kind: TaskKind | null;
  queue: QueueId | null;
  assignedTo: string | null;
  /** Only tasks behind this one. */
  after: TasksCursor | null;
  limit: number;
};

/** What is to be different; what is left out stays. `done` false: it is open again. */
export type TaskChange = { done?: boolean; assignedTo?: string | null; note?: string };

/** Tasks in the store: opened by events, changed by people. Every function rejects when the store is away. */
export interface TasksPort {
  list(query: TasksQuery): Promise<Task[]>;
  one(taskId: TaskId): Promise<Task | null>;
  /** Whether this recording belongs to a task that is given to the user. */
  isToHear(user: string, recording: RecordingId): Promise<boolean>;
  /** Changes the task and keeps who did it, both or neither. null when there is no such task. */
  change(taskId: TaskId, change: TaskChange, audit: AuditEntry): Promise<Task | null>;
}
