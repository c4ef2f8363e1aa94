import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../services/config.ts';
import type { RunTools } from '../tools/types.ts';
import { ensureFolder, homeFolders, writeFileAtomic } from './files.ts';
import { asIdentity, giveTo, type Identity } from './identity.ts';
import { type Part, plainEnvironment } from './part.ts';
import { fillTemplate } from './template.ts';

/** Prometheus: collects the controller's numbers. Needs nobody and nobody needs it. */
export function prometheusPart(
  config: Config,
  tools: Pick<RunTools, 'prometheus'>,
  identity: Identity,
): Part {
  const folder = homeFolders(config.homeDir).prometheus;
  const configFile = join(folder, 'prometheus.yml');
  const address = `${config.localAddress}:${config.prometheusPort}`;
  return {
    name: 'prometheus',
    after: [],
    async prepare() {
      ensureFolder(join(folder, 'data'));
      const template = join(config.repoDir, 'infra', 'prometheus', 'prometheus.yml');
      const values = {
        rulesFiles: join(config.repoDir, 'infra', 'prometheus', '*.rules.yml'),
        controllerTarget: `${config.localAddress}:${config.httpPort}`,
      };
      writeFileAtomic(configFile, fillTemplate(readFileSync(template, 'utf8'), values, template));
      giveTo(identity, folder);
    },
    launch: () => ({
      program: asIdentity(identity, tools.prometheus),
      args: [
        `--config.file=${configFile}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--storage.tsdb.retention.time=30d',
        '--storage.tsdb.retention.size=1GB',
        `--web.listen-address=${config.bindAddress}:${config.prometheusPort}`,
        '--log.format=json',
      ],
      cwd: folder,
      env: plainEnvironment(),
    }),
    async health(signal) {
      const response = await fetch(`http://${address}/-/ready`, { signal });
      await response.arrayBuffer();
      return response.ok ? null : `answers ${response.status}`;
    },
    startLimitMs: 60_000,
    stopSignal: 'SIGTERM',
    stopLimitMs: 10_000,
    restartWhenUnhealthyForMs: 60_000,
  };
}
