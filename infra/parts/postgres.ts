import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../services/config.ts';
import type { Secrets } from '../../services/runtime/secrets.ts';
import type { Program, RunTools } from '../tools/types.ts';
import { ensureFolder, homeFolders } from './files.ts';
import { asIdentity, giveTo, type Identity } from './identity.ts';
import { type Part, PartError, plainEnvironment } from './part.ts';
import { checkPostgres, createRoleAndDatabase } from './postgres-database.ts';

const run = promisify(execFile);

/** Our own Postgres: on 127.0.0.1 only, no socket file, passwords by SCRAM, role and database `hotline`. */
export function postgresPart(
  config: Config,
  tools: Pick<RunTools, 'postgres' | 'initdb' | 'postgresMajor'>,
  identity: Identity,
  secrets: Secrets,
): Part {
  const folder = homeFolders(config.homeDir).postgres;
  const dataDir = join(folder, 'data');
  const superuserUrl = `postgres://postgres:${secrets.postgres.superuserPassword}@127.0.0.1:${config.pgPort}/postgres`;
  return {
    name: 'postgres',
    after: [],
    async prepare() {
      ensureFolder(folder);
      if (!existsSync(dataDir)) {
        await createCluster(
          folder,
          asIdentity(identity, tools.initdb),
          identity,
          secrets.postgres.superuserPassword,
        );
      }
      refuseOtherMajor(dataDir, tools.postgresMajor);
      giveTo(identity, folder);
    },
    launch: () => ({
      program: asIdentity(identity, tools.postgres),
      args: [
        '-D',
        dataDir,
        ...Object.entries(options(config)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      cwd: folder,
      env: plainEnvironment(),
    }),
    health: async () => {
      await checkPostgres(superuserUrl);
      return null;
    },
    settle: () => createRoleAndDatabase(superuserUrl, secrets.postgres.password),
    startLimitMs: 60_000,
    // Fast shutdown: ends connections, finishes what is committed.
    stopSignal: 'SIGINT',
    stopLimitMs: 20_000,
    // Calls do not wait for it, and recovery would only take longer.
    restartWhenUnhealthyForMs: null,
  };
}

/** Sized for one controller on a small machine. */
function options(config: Config): Record<string, string | number> {
  return {
    port: config.pgPort,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 50,
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    password_encryption: 'scram-sha-256',
    // Built in, so that it needs no time zone files of the machine; sessions set their own.
    timezone: 'GMT',
    log_timezone: 'GMT',
    log_min_duration_statement: 1000,
  };
}

/** Makes the data folder whole or not at all. */
async function createCluster(
  folder: string,
  initdb: Program,
  identity: Identity,
  superuserPassword: string,
): Promise<void> {
  const unfinished = join(folder, 'data.unfinished');
  const passwordFile = join(folder, 'superuser-password');
  rmSync(unfinished, { recursive: true, force: true });
  try {
    writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
    giveTo(identity, folder);
    const args = ['-D', unfinished, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await run(initdb.command, [...initdb.args, ...args, '--encoding=UTF8', '--locale=C'], {
      cwd: folder,
      env: { ...plainEnvironment(), ...initdb.env },
      timeout: 120_000,
    });
    renameSync(unfinished, join(folder, 'data'));
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new PartError(`Postgres data could not be created in ${folder}: ${said || String(error)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function refuseOtherMajor(dataDir: string, major: number): void {
  const file = join(dataDir, 'PG_VERSION');
  const found = Number(readFileSync(file, 'utf8'));
  if (found === major) return;
  throw new PartError(
    `${file}: this data belongs to Postgres ${found}, but Postgres ${major} is installed; ` +
      `upgrade it with pg_upgrade, or move ${dataDir} away to start empty`,
  );
}
