import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of what is still referred to by anything. */
export function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Sockets, servers, timers … that are open in this process, by kind: what a leak would add to. */
export function openHandles(kind: 'TCPSocketWrap' | 'Timeout'): number {
  return process.getActiveResourcesInfo().filter((name) => name === kind).length;
}
