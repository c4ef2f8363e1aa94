import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { PortUse } from '../../services/config-ports.ts';
import { isMissing } from '../parts/files.ts';
import { describeProcess, holdersOf } from './process.ts';

/**
 * Tries every port before anything starts.
 * RTP is left out: of a range, Asterisk takes what is free.
 * @returns one line for each port that cannot be had: which, who has it, which setting moves it.
 */
export async function takenPorts(uses: readonly PortUse[]): Promise<string[]> {
  const problems = await Promise.all(uses.filter((use) => use.first === use.last).map(problemOf));
  return problems.filter((problem) => problem !== null);
}

async function problemOf(use: PortUse): Promise<string | null> {
  const { setting, purpose, protocol, address, first: port } = use;
  const code = await (protocol === 'tcp' ? tryTcp(port, address) : tryUdp(port, address));
  if (code === null) return null;
  const what = `${protocol} port ${port} of ${address} (${purpose})`;
  switch (code) {
    case 'EADDRINUSE': {
      const holders = holdersOf(socketsOn(protocol, port)).map(describeProcess);
      const who = holders.length > 0 ? holders.join(', ') : 'another program';
      return `${what} is taken by ${who}; stop it, or set ${setting} to another port`;
    }
    case 'EADDRNOTAVAIL':
      return `${what}: this machine has no address ${address}; correct HOTLINE_BIND`;
    case 'EACCES':
      return `${what} may not be used by this user; set ${setting} to a port above 1023`;
    default:
      return `${what} cannot be used (${code}); set ${setting} to another port`;
  }
}

async function tryTcp(port: number, host: string): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return null;
  } catch (error) {
    return codeOf(error);
  } finally {
    server.close();
  }
}

async function tryUdp(port: number, address: string): Promise<string | null> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address, exclusive: true });
    await once(socket, 'listening');
    return null;
  } catch (error) {
    return codeOf(error);
  } finally {
    socket.close();
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

/**
 * Inode numbers of the sockets on a port, from the kernel's tables (proc(5)). Not only of those that listen: a connection
 * somebody opened may have been given our port as its own.
 */
function socketsOn(protocol: 'tcp' | 'udp', port: number): Set<string> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = [protocol, `${protocol}6`].flatMap((table) => kernelTable(`/proc/net/${table}`));
  return new Set(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hexPort}`))
      .flatMap((fields) => fields[9] ?? []),
  );
}

function kernelTable(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(1);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
