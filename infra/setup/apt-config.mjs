// Configuration of an apt of our own. Plain JavaScript because bootstrap.mjs needs it before anything is installed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Makes `dir` an apt state of its own: lists, cache and an empty package status, so that apt neither sees nor changes what is
 * installed on the machine, and works for any user. The machine's proxies, certificates and credentials for apt still apply.
 * @param {string} dir
 * @param {string | null} sources a line for sources.list, or null to use the machine's sources
 * @returns {string} the file to give to apt-get with -c
 */
export function writeAptConfig(dir, sources) {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'status'), '');
  if (sources) writeFileSync(join(dir, 'sources.list'), `${sources}\n`);
  const lines = [
    // The machine's hooks (cache cleaners, desktop indexers) are not for a private state.
    '#clear APT::Update;',
    '#clear DPkg;',
    '#clear APT::Architectures;',
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    `Dir::State "${dir}/state/";`,
    `Dir::State::status "${dir}/status";`,
    `Dir::Cache "${dir}/cache/";`,
    ...(sources ? [`Dir::Etc::SourceList "${dir}/sources.list";`, 'Dir::Etc::SourceParts "/dev/null";'] : []),
    'Dir::Etc::Preferences "/dev/null";',
    'Dir::Etc::PreferencesParts "/dev/null";',
    // A mirror's index may be weeks old; its signature is still checked.
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Languages "none";',
    'Acquire::PDiffs "false";',
    'Acquire::Retries "2";',
    'APT::Install-Recommends "false";',
    'Debug::NoLocking "true";', // we hold our own lock
    `APT::Sandbox::User "${userInfo().username}";`, // root would drop to _apt, which cannot write here
  ];
  const file = join(dir, 'apt.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
