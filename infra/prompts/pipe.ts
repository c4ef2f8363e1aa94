import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { Program } from '../tools/types.ts';

/** Runs a program from bytes to bytes. After `withinMs` it is killed. @throws Error with the last thing it said */
export function pipe(
  program: Program,
  args: readonly string[],
  input: Buffer,
  withinMs: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.command, [...program.args, ...args], {
      env: { ...process.env, ...program.env },
      timeout: withinMs,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    });
    child.stdin.on('error', () => child.stdin.destroy()); // its exit code tells what went wrong
    child.on('error', (error) => reject(new Error(`${program.command} cannot be run: ${error.message}`)));
    child.on('close', (code, signal) => {
      const name = basename(program.args.at(-1) ?? program.command);
      if (code === 0) resolve(Buffer.concat(output));
      else if (signal !== null)
        reject(new Error(`${name} was stopped (${signal}) after at most ${withinMs} ms`));
      else reject(new Error(`${name} ended with ${code}: ${said.trim().split('\n').at(-1) ?? ''}`));
    });
    child.stdin.end(input);
  });
}
