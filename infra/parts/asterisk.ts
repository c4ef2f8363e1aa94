import { connect } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../../services/config.ts';
import type { Secrets } from '../../services/runtime/secrets.ts';
import { rotateCel } from '../supervisor/cel-rotation.ts';
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
  const ari = async (signal: AbortSignal): Promise<string | null> => {
    const response = await fetch(`${ariUrl}/asterisk/info?only=status`, {
      headers: { authorization },
      signal,
    });
    const answer = await response.text();
    return response.ok ? null : `ARI answers ${response.status} ${answer.slice(0, 200)}`;
  };
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
    health: ari,
    // As long as one of its doors is open its calls may be alive.
    async alive(signal) {
      const first = AbortSignal.any([signal, AbortSignal.timeout(ariWithinMs)]);
      const why = await ari(first).catch((error: Error) => error.message);
      return why === null ? null : greetsAt(config.amiPort, signal);
    },
    settle: () => accounts.settle(),
    tidy() {
      const { removed } = rotateCel(join(folders.asteriskCel, 'cel.csv'));
      if (removed.length === 0) return null;
      return `nobody has read Asterisk's account of its calls for long: ${removed.join(', ')} went unread, and calls told of there may have no record`;
    },
    startLimitMs: 60_000,
    stopSignal: 'SIGTERM',
    stopLimitMs: 10_000,
    // It ends every conversation, but a process that answers nobody at any door for so long carries no sound either.
    restartWhenUnhealthyForMs: 40_000,
  };
}

/** Half of the time in which it is to be found out whether it lives. */
const ariWithinMs = 2_000;

/** AMI's greeting, from a thread that ARI has no part in: null when it comes. */
function greetsAt(port: number, signal: AbortSignal): Promise<null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, signal });
    socket.once('data', () => {
      socket.destroy();
      resolve(null);
    });
    socket.once('error', (error) => reject(new Error(`AMI: ${error.message}`)));
    socket.once('close', () => reject(new Error('AMI closes the connection without a greeting')));
  });
}

/** Where this machine reaches Asterisk's REST interface. */
export const ariUrlOf = (config: Config): string =>
  `http://${config.localAddress}:${config.asteriskHttpPort}/ari`;
