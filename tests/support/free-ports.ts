import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below Linux's ephemeral range (32768 and up), so that no outgoing connection takes a port we chose. */
const FIRST = 20_000;
/** Test workers that run at the same time look in ranges of their own: a port found free by both would fail one of them. */
const WORKERS = 2;
const PER_WORKER = 6_000;
const worker = (Number(process.env.VITEST_POOL_ID ?? 1) - 1) % WORKERS;
const LOWEST = FIRST + worker * PER_WORKER;
const HIGHEST = LOWEST + PER_WORKER - 1;
/** Where this process looks next; spread by pid, as other runs may be at work on the same machine. */
let next = LOWEST + ((process.pid * 97) % PER_WORKER);

/** Finds `count` ports that are free for TCP and for UDP on `ip`. Never hands out the same port twice. */
export async function freePorts(count: number, ip = '127.0.0.1'): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) found.push(await freePortRange(1, ip));
  return found;
}

/** One port that is free for TCP and for UDP on `ip`. */
export function freePort(ip = '127.0.0.1'): Promise<number> {
  return freePortRange(1, ip);
}

/**
 * Finds `size` free ports in a row and returns the first (even, as RTP likes it, when more than one).
 * @throws when the whole range has been searched in vain
 */
export async function freePortRange(size: number, ip = '127.0.0.1'): Promise<number> {
  for (let tried = 0; tried <= HIGHEST - LOWEST; ) {
    if (next + size > HIGHEST) next = LOWEST;
    if (size > 1 && next % 2 === 1) next += 1;
    const first = next;
    const freeCount = await countFree(first, size, ip);
    next = first + freeCount + (freeCount < size ? 1 : 0);
    tried += freeCount + 1;
    if (freeCount === size) return first;
  }
  throw new Error(`no ${size} free ports in a row on ${ip} between ${LOWEST} and ${HIGHEST}`);
}

async function countFree(first: number, size: number, ip: string): Promise<number> {
  for (let i = 0; i < size; i++) {
    if (!(await isFree(first + i, ip))) return i;
  }
  return size;
}

async function isFree(port: number, ip: string): Promise<boolean> {
  return (await freeForTcp(port, ip)) && (await freeForUdp(port, ip));
}

function freeForTcp(port: number, ip: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: ip, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function freeForUdp(port: number, ip: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: ip, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
