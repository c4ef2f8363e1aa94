import { spawn } from 'node:child_process';
import { ensureTools } from '../../infra/tools/tools.ts';

/** Runs Prometheus' own checker. `output` is all it said on both streams, trimmed. */
export async function promtool(
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; output: string }> {
  const { promtool: program } = await ensureTools(['run'], () => undefined);
  return new Promise((resolve, reject) => {
    const child = spawn(program.command, [...program.args, ...args], {
      env: { ...process.env, ...program.env },
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: output.trim() }));
    child.stdin.on('error', reject);
    child.stdin.end(input);
  });
}
