import type { Report } from '../setup/progress.ts';
import { type RunTools, type ToolGroup, type Tools, ToolsError } from './types.ts';

export type { Program, RunTools, TestTools, ToolGroup, Tools } from './types.ts';
export { ToolsError } from './types.ts';

/**
 * Makes sure the programs of the wanted groups are installed and says where they are.
 * Installed ones are found in milliseconds; missing ones are downloaded from the machine's own package mirror.
 * @throws {ToolsError} when something is missing that the set-up cannot provide itself.
 */
export function ensureTools(wanted: readonly ['run'], report: Report): Promise<RunTools>;
export function ensureTools(wanted: readonly ['run', 'test'], report: Report): Promise<Tools>;
export async function ensureTools(wanted: readonly ToolGroup[], report: Report): Promise<RunTools | Tools> {
  report(`tools wanted: ${wanted.join(', ')}`);
  throw new ToolsError('tools: not written yet');
}
