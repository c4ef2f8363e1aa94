import { parseArgs } from 'node:util';
import type { Config } from '../../services/config.ts';
import { overview } from '../../services/runtime/flow-desk.ts';
import { readCredentials } from '../../services/runtime/secrets.ts';
import { activateOffline } from './activate-offline.ts';
import { complain, type IvrCommand, say, shortened, WrongUse } from './command.ts';

/** Every flow with its versions. */
export const versions: IvrCommand = {
  usage: 'npm run ivr -- versions [FLOW]             what is in force, and who activated which when',
  run([only], config) {
    for (const { flow, inForce, versions: all, fileDiffers } of overview(config)) {
      if (only !== undefined && only !== flow) continue;
      say(
        `${flow}: ${inForce ? `version ${inForce.version} is in force` : 'goes by its file'}${fileDiffers && inForce ? '; the file differs' : ''}`,
      );
      for (const one of all) {
        const again = one.rollsBackTo === null ? '' : `  (version ${one.rollsBackTo} again)`;
        say(`  ${String(one.version).padStart(3)}  ${new Date(one.at).toISOString()}  ${one.by}${again}`);
      }
    }
    return 0;
  },
};

/** A flow's file comes into force, for the next caller. */
export const activate: IvrCommand = {
  usage:
    'npm run ivr -- activate FLOW [--as USER]   puts the file in force for the next caller, if it has no problems',
  run: (args, config) => {
    const { flow, user, rest } = given(args);
    if (rest.length > 0) throw new WrongUse(`activate takes one flow, not ${rest.join(' ')} too`);
    return ask(config, user, { flow });
  },
};

/** An old version comes into force again. */
export const rollBack: IvrCommand = {
  usage:
    'npm run ivr -- rollback FLOW [VERSION]     puts an old version in force again: the one before, unless it is named',
  run: (args, config) => {
    const { flow, user, rest } = given(args);
    const [named] = rest;
    if (rest.length > 1 || (named !== undefined && !/^\d{1,6}$/.test(named)))
      throw new WrongUse('rollback takes a flow and the number of a version');
    const all = overview(config).find((one) => one.flow === flow)?.versions ?? [];
    const version = named === undefined ? before(all) : Number(named);
    if (version === null) throw new WrongUse(`flow "${flow}" has no version before the one in force`);
    return ask(config, user, { flow, version });
  },
};

/** The version that was in force before what is in force now, looking through roll-backs: going back twice goes back further. */
function before(all: ReturnType<typeof overview>[number]['versions']): number | null {
  const [now] = all;
  const content = now?.rollsBackTo ?? now?.version;
  return content === undefined
    ? null
    : (all.find(({ version, rollsBackTo }) => version < content && rollsBackTo === null)?.version ?? null);
}

function given(args: readonly string[]): { flow: string; user: string; rest: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { as: { type: 'string', default: 'admin' } },
      allowPositionals: true,
    });
    const [flow, ...rest] = positionals;
    if (flow === undefined) throw new WrongUse('which flow?');
    return { flow, user: values.as, rest };
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

type Request = { flow: string; version?: number };

/** Asks the running controller; without one, writes the version for the next start. */
async function ask(config: Config, user: string, request: Request): Promise<number> {
  const base = `http://${config.localAddress}:${config.httpPort}`;
  let signedIn: Response;
  try {
    const password = readCredentials(config.credentialsFile).users[user];
    if (password === undefined) throw new WrongUse(`${config.credentialsFile} knows no user "${user}"`);
    signedIn = await post(base, '/api/v1/session', { user, password }, '');
  } catch (error) {
    if (!isRefusedConnection(error)) throw error;
    return activateOffline(config, user, request);
  }
  if (!signedIn.ok) return explained(config, signedIn);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  try {
    const answer = await post(base, '/api/v1/ivr/activations', request, cookie);
    if (!answer.ok) return await explained(config, answer);
    const { flow, inForce } = (await answer.json()) as { flow: string; inForce: { version: number } };
    say(`flow ${flow}: version ${inForce.version} is in force from the next caller on`);
    return 0;
  } finally {
    await fetch(`${base}/api/v1/session`, { method: 'DELETE', headers: { cookie, origin: base } });
  }
}

const post = (base: string, path: string, body: unknown, cookie: string): Promise<Response> =>
  fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base, ...(cookie !== '' && { cookie }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });

const isRefusedConnection = (error: unknown): boolean =>
  error instanceof TypeError && (error.cause as { code?: string } | undefined)?.code === 'ECONNREFUSED';

async function explained(config: Config, answer: Response): Promise<number> {
  const problem = (await answer.json()) as { detail?: string; errors?: { message: string }[] };
  for (const { message } of problem.errors ?? []) complain(shortened(config, message));
  complain(problem.detail ?? `the service answered ${answer.status}`);
  return 1;
}
