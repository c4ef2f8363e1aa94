import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Response } from 'express';
import { asId, type RecordingId } from '../../../events/ids.ts';
import type { Instant } from '../../../events/instant.ts';
import type { AuditPort, Person } from '../../../runtime/people-port.ts';
import type { TasksPort } from '../../../runtime/tasks-port.ts';
import { roles } from '../contract/common.ts';
import { recordingPathSchema } from '../contract/recordings.ts';
import { fromStore } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

/** A player asks for one recording in several pieces: within this time that is one listening. */
const oneListeningMs = 10 * 60_000;
const mostListenings = 10_000;

/** What callers have said to the recorder, for leads, and for whoever is to see to it. Each listening is kept on record. */
export function recordingRoutes(parts: {
  /** One WAV file each, named by its id. */
  dir: string;
  tasks: TasksPort;
  audit: AuditPort;
  now: () => Instant;
  limits: HttpLimits;
}): Route[] {
  const { dir, tasks, audit, now, limits } = parts;
  const listenings = new Map<string, Instant>();

  const hear = route({
    method: 'get',
    path: '/api/v1/recordings/{id}',
    operationId: 'hearRecording',
    summary:
      'What a caller said to the recorder (WAV; in pieces by Range). Agents: that of a task that is theirs',
    tag: 'records',
    access: roles,
    params: recordingPathSchema,
    replies: {
      200: { description: 'The whole recording', mediaType: 'audio/wav' },
      206: { description: 'The piece that was asked for', mediaType: 'audio/wav' },
    },
    refusals: ['unknown-recording', 'store-unavailable'],
    async handle({ req, res, params, visitor }) {
      const { person } = visitor;
      const recording = asId<RecordingId>(params.id);
      const name = `${recording}.wav`;
      // The same answer for one that is not for this person: who may not hear it need not know that it exists.
      const may =
        person.role !== 'agent' || (await fromStore(tasks.isToHear(person.user, recording), limits.answerMs));
      if (!may || !(await isThere(join(dir, name)))) throw unknown();
      await keepOnRecord(person, recording, req.ip ?? '');
      await send(res, dir, name);
    },
  });

  async function keepOnRecord(person: Person, recording: RecordingId, address: string): Promise<void> {
    const at = now();
    const key = `${person.user} ${recording}`;
    const before = listenings.get(key);
    if (before !== undefined && at - before < oneListeningMs) return;
    const { user, role } = person;
    const resource = `recordings/${recording}`;
    const entry = { at, user, role, action: 'hear-recording', resource, reason: '', address } as const;
    await fromStore(audit.record(entry), limits.answerMs);
    listenings.delete(key);
    listenings.set(key, at);
    const [oldest] = listenings.keys();
    if (listenings.size > mostListenings && oldest !== undefined) listenings.delete(oldest);
  }
  return [hear];
}

const unknown = () =>
  new Refusal('unknown-recording', 'There is no recording with this id, or it is deleted by now.');

async function isThere(file: string): Promise<boolean> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found?.isFile() === true;
}

/** The id has no separators and no leading dot; Express keeps it inside the folder all the same. */
function send(res: Response, root: string, name: string): Promise<void> {
  res.set('Content-Type', 'audio/wav');
  return new Promise((resolve, reject) => {
    res.sendFile(name, { root, cacheControl: false, etag: false, dotfiles: 'deny' }, (error) => {
      // Whoever listens may go away in the middle.
      if (!error || res.headersSent) return resolve();
      res.removeHeader('Content-Type');
      const { status } = error as { status?: number };
      reject(status === 404 ? unknown() : error);
    });
  });
}
