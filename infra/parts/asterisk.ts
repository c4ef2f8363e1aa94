import type { Config } from '../../services/config.ts';
import type { Secrets } from '../../services/runtime/secrets.ts';
import type { RunTools } from '../tools/types.ts';
import { renderAsteriskFiles } from './asterisk-files.ts';
import { homeFolders } from './files.ts';
import { asIdentity, giveTo, type Identity } from './identity.ts';
import { type Part, plainEnvironment } from './part.ts';
import type { SipAccounts } from './sip-accounts.ts';

/** Asterisk: answers calls and carries the sound. Healthy when ARI answers; settled when all accounts are known to it. */
export function asteriskPart(
  config: Config,
  tools: Pick<RunTools, 'asterisk' | 'asteriskDataDir' | 'asteriskModulesDir'>,
  identity: Identity,
  secrets: Secrets,
  accounts: SipAccounts,
): Part {
  const folders = homeFolders(config.homeDir);
  const ariUrl = ariUrlOf(config);
  const authorization = `Basic ${Buffer.from(`${secrets.ari.user}:${secrets.ari.password}`).toString('base64')}`;
  return {
    name: 'asterisk',
    after: [],
    async prepare() {
      renderAsteriskFiles(config, tools, secrets, new Date());
      giveTo(identity, folders.asterisk, folders.certificates, folders.sounds, folders.logs);
    },
    launch: () => ({
      program: asIdentity(identity, tools.asterisk),
      // In the foreground, and with a core file when it crashes.
      args: ['-C', `${folders.asteriskEtc}/asterisk.conf`, '-f', '-g'],
      cwd: folders.asteriskRun,
      env: plainEnvironment(),
    }),
    async health(signal) {
      const response = await fetch(`${ariUrl}/asterisk/info?only=status`, {
        headers: { authorization },
        signal,
      });
      const answer = await response.text();
      return response.ok ? null : `ARI answers ${response.status} ${answer.slice(0, 200)}`;
    },
    settle: () => accounts.settle(),
    startLimitMs: 60_000,
    stopSignal: 'SIGTERM',
    stopLimitMs: 10_000,
    // Restarting it ends every conversation, so a person decides.
    restartWhenUnhealthyForMs: null,
  };
}

/** Where this machine reaches Asterisk's REST interface. */
export const ariUrlOf = (config: Config): string =>
  `http://${config.localAddress}:${config.asteriskHttpPort}/ari`;
