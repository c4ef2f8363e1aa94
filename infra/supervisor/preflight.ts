import { chmodSync } from 'node:fs';
import type { Config } from '../../services/config.ts';
import { portUses } from '../../services/config-ports.ts';
import { homeFolders } from '../parts/files.ts';
import { chooseIdentity, type Identity } from '../parts/identity.ts';
import { PartError, partNames } from '../parts/part.ts';
import { checkExternalDatabase } from '../parts/postgres-database.ts';
import type { RunTools } from '../tools/types.ts';
import { ensureHome, lockHome } from './home.ts';
import { stopLeftovers } from './pid-files.ts';
import { takenPorts } from './ports.ts';

const leftoverStopLimitMs = 10_000;

/**
 * Everything that can be known to be wrong before anything starts: the home, another supervisor in it, leftovers of a killed
 * one (they are stopped), taken ports, an unusable `DATABASE_URL`.
 * Cheap: also called before a long set-up. The home stays locked until released.
 * @throws {PartError} with everything that is wrong with the ports, or the first other thing.
 */
export async function preflight(
  config: Config,
  report: (line: string) => void,
): Promise<{ release(): Promise<void> }> {
  ensureHome(config.homeDir, config.secretsFile);
  const lock = await lockHome(config.homeDir);
  try {
    const order = partNames.toReversed();
    for (const stopped of await stopLeftovers(homeFolders(config.homeDir).run, order, leftoverStopLimitMs)) {
      report(`! stopped what an earlier start had left running: ${stopped}`);
    }
    const taken = await takenPorts(portUses(config));
    if (taken.length > 0) throw new PartError(taken.join('\n'));
    if (config.databaseKind === 'external' && config.databaseUrl)
      await checkExternalDatabase(config.databaseUrl);
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Whom the parts run as; opens the home for passing through where that user is not us. */
export async function partsIdentity(config: Config, tools: RunTools): Promise<Identity> {
  const programs = [
    tools.asterisk.command,
    tools.postgres.command,
    tools.prometheus.command,
    tools.asteriskModulesDir,
  ];
  const identity = await chooseIdentity([config.homeDir, ...programs]);
  chmodSync(config.homeDir, identity.kind === 'nobody' ? 0o711 : 0o700);
  return identity;
}
