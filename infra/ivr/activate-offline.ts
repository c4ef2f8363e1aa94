import type { Config } from '../../services/config.ts';
import { isError } from '../../services/ivr/check/problem.ts';
import { checkCandidate } from '../../services/runtime/check-candidate.ts';
import { flowIdOf, readFlowSources } from '../../services/runtime/flow-files.ts';
import { hashOf } from '../../services/runtime/flow-store.ts';
import { flowStoreOf } from '../../services/runtime/flows-in-force.ts';
import { lockHome } from '../supervisor/home.ts';
import { tell } from './check.ts';
import { complain, say } from './command.ts';

/** While the service does not run: the version is written for its next start, checked all the same. */
export async function activateOffline(
  config: Config,
  user: string,
  { flow, version }: { flow: string; version?: number },
): Promise<number> {
  const store = flowStoreOf(config);
  const source =
    version === undefined
      ? readFlowSources(config.flowsDir).find(({ text }) => flowIdOf(text) === flow)
      : store.read(flow, version);
  if (!source) {
    complain(
      version === undefined ? `there is no flow "${flow}"` : `flow "${flow}" has no version ${version}`,
    );
    return 1;
  }
  if (store.inForce().get(flow)?.hash === hashOf(source.text)) {
    complain('this is what is in force already');
    return 1;
  }
  const { problems, text } = checkCandidate({ places: config, flow, file: source.file, text: source.text });
  tell(problems.filter(isError), config.repoDir);
  if (text === null) {
    complain(`flow "${flow}" is not put in force; the one before stays`);
    return 1;
  }
  // Nobody else writes versions meanwhile.
  const lock = await lockHome(config.homeDir);
  try {
    const made = store.activate({
      flow,
      text: source.text,
      at: Date.now(),
      by: user,
      rollsBackTo: version ?? null,
    });
    say(`the service does not run; flow ${flow}: version ${made.version} is in force from its next start on`);
    return 0;
  } finally {
    await lock.release();
  }
}
