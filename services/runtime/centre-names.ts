import { z } from 'zod';

/** As much as can be made out of a document that may be wrong elsewhere: all problems are told at once. */
const references = z.object({
  queues: z.record(
    z.string(),
    z.object({ overflow: z.array(z.unknown()).catch([]) }).catch({ overflow: [] }),
  ),
  agents: z.record(z.string(), z.object({ queues: z.array(z.string()).catch([]) }).catch({ queues: [] })),
});
const stepNames = z.object({
  widen: z.object({ queues: z.array(z.string()).catch([]) }).catch({ queues: [] }),
  leave: z.object({ queue: z.string().nullable().catch(null) }).catch({ queue: null }),
});

/** Queues that are named where they cannot be: as they are not there, or are meant to help themselves. As "place: problem". */
export function wrongNames(document: unknown): string[] {
  const parsed = references.safeParse(document);
  if (!parsed.success) return [];
  const { queues, agents } = parsed.data;
  const missing = (where: string, names: readonly string[]) =>
    names
      .filter((name) => !Object.hasOwn(queues, name))
      .map((name) => `${where}: there is no queue "${name}"; there are ${Object.keys(queues).join(', ')}`);
  const sendsTo = new Map<string, string>();
  const problems = [
    ...Object.entries(agents).flatMap(([agent, own]) => missing(`agents.${agent}.queues`, own.queues)),
    ...Object.entries(queues).flatMap(([queue, { overflow }]) =>
      overflow.flatMap((step, i) => {
        const named = stepNames.safeParse(step);
        if (!named.success) return [];
        const { widen, leave } = named.data;
        const to = leave.queue;
        if (to !== null) sendsTo.set(queue, to);
        return [
          ...missing(`queues.${queue}.overflow.${i}.widen.queues`, widen.queues),
          ...(widen.queues.includes(queue)
            ? [`queues.${queue}.overflow.${i}.widen.queues: "${queue}" is this queue itself`]
            : []),
          ...(to === null ? [] : missing(`queues.${queue}.overflow.${i}.leave.queue`, [to])),
        ];
      }),
    ),
  ];
  return [...problems, ...circles(sendsTo)];
}

/** Queues that send callers round in a circle: nobody would ever be served, or let go. */
function circles(sendsTo: ReadonlyMap<string, string>): string[] {
  return [...sendsTo.keys()].flatMap((start) => {
    const way = [start];
    for (let to = sendsTo.get(start); to !== undefined; to = sendsTo.get(to)) {
      if (to === start)
        return [`queues.${start}.overflow: callers would go round: ${[...way, start].join(' → ')}`];
      if (way.includes(to)) return [];
      way.push(to);
    }
    return [];
  });
}
