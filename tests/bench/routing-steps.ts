import { Session } from 'node:inspector/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/**
 * Steps of the router for one caller, from an agent or a caller who comes until all is as it was: how often its functions, branches and turns of loops are entered, as V8 itself counts them for coverage. It hardly depends on the
 * machine, and differs between runs by a few in a thousand. In a thread of its own: what is counted must be compiled for it.
 */
export async function countSteps(waiting: number, callers: number): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { waiting, callers } });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`counting ended with ${code} and no count`)));
  return promise;
}

async function count({ waiting, callers }: { waiting: number; callers: number }): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const { RoutingWorld } = await import('./routing-world.ts');
  const steps = async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.includes('/services/routing/'))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, range) => sum + range.count, 0);
  };
  let [served, total] = [0, 0];
  for (const kind of ['crowded', 'idle'] as const) {
    const world = new RoutingWorld(waiting, kind);
    const enough = served + callers;
    // Taking the counts sets them to 0: the making of the world is left out.
    await steps();
    while (served < enough) {
      const isServed = world.serveOne().some(({ paired }) => paired);
      const counted = await steps();
      if (!isServed) continue;
      served += 1;
      total += counted;
    }
  }
  session.disconnect();
  return Math.round(total / served);
}

if (!isMainThread && parentPort) parentPort.postMessage(await count(workerData));
