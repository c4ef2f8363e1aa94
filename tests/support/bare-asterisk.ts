import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freePortRange } from './free-ports.ts';
import { type Program, type Running, run } from './processes.ts';
import { until } from './until.ts';

export type BareAsteriskOptions = {
  asterisk: Program;
  modulesDir: string;
  dataDir: string;
  /** SIP users with passwords. */
  users: Record<string, string>;
  /** Contents of extensions.conf; calls from 127.0.0.2 and from users come to `[in]`. */
  extensions: string;
};

export type BareAsterisk = { sipPort: number; log(): string; stop(): Promise<void> };

/** An Asterisk with SIP and a dialplan and nothing else of ours: to test the test tools against. */
export async function startBareAsterisk(options: BareAsteriskOptions): Promise<BareAsterisk> {
  const folder = mkdtempSync(join(tmpdir(), 'bare-asterisk-'));
  const sipPort = await freePort();
  const rtpFrom = await freePortRange(100);
  const etc = join(folder, 'etc');
  for (const name of ['etc', 'lib', 'spool', 'run', 'log']) mkdirSync(join(folder, name));
  const files = { ...fixedFiles(folder, options, rtpFrom), 'pjsip.conf': pjsip(options.users, sipPort) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, name), text, { mode: 0o600 });
  const asterisk = await run({
    name: 'asterisk',
    program: options.asterisk,
    args: ['-C', join(etc, 'asterisk.conf'), '-f', '-vvv', '-n'],
    cwd: folder,
  });
  const stop = async (): Promise<void> => {
    await asterisk.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(asterisk);
  } catch (error) {
    await stop();
    throw error;
  }
  return { sipPort, log: () => asterisk.output(), stop };
}

async function ready(asterisk: Running): Promise<void> {
  const isReady = (): boolean =>
    asterisk.exit() !== undefined || asterisk.output().includes('Asterisk Ready');
  await until('Asterisk to boot', isReady, { withinMs: 20_000, seen: () => asterisk.output() });
  if (asterisk.exit()) throw new Error(`Asterisk ended while starting: ${asterisk.output().slice(-1_000)}`);
}

function fixedFiles(folder: string, options: BareAsteriskOptions, rtpFrom: number): Record<string, string> {
  return {
    'asterisk.conf': `[directories]
astetcdir => ${folder}/etc
astmoddir => ${options.modulesDir}
astdatadir => ${options.dataDir}
astvarlibdir => ${folder}/lib
astdbdir => ${folder}/lib
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log
`,
    'modules.conf': `[modules]
autoload=no
${MODULES.map((name) => `load=${name}.so`).join('\n')}
`,
    'logger.conf': '[logfiles]\nconsole => notice,warning,error,verbose\n',
    'rtp.conf': `[general]\nrtpstart=${rtpFrom}\nrtpend=${rtpFrom + 99}\nstrictrtp=yes\n`,
    'extensions.conf': options.extensions,
  };
}

/** Only what calls need: boots in about a second. */
const MODULES = [
  ...['pbx_config', 'app_dial', 'app_echo', 'app_playtones', 'app_read', 'app_verbose', 'func_callerid'],
  ...[
    'bridge_simple',
    'bridge_native_rtp',
    'bridge_builtin_features',
    'codec_ulaw',
    'codec_alaw',
    'res_rtp_asterisk',
  ],
  ...['res_sorcery_config', 'res_sorcery_memory', 'res_sorcery_astdb', 'res_timing_timerfd', 'res_pjproject'],
  ...[
    'res_pjsip',
    'res_pjsip_session',
    'res_pjsip_sdp_rtp',
    'res_pjsip_authenticator_digest',
    'res_pjsip_registrar',
  ],
  ...['res_pjsip_endpoint_identifier_ip', 'res_pjsip_endpoint_identifier_user', 'res_pjsip_dtmf_info'],
  ...['res_pjsip_caller_id', 'res_pjsip_acl', 'res_pjsip_pubsub', 'res_musiconhold', 'chan_pjsip'],
];

function pjsip(users: Record<string, string>, port: number): string {
  const common =
    'context=in\ndisallow=all\nallow=alaw,ulaw\ndirect_media=no\nrtp_symmetric=yes\ndtmf_mode=auto_info\n';
  const accounts = Object.entries(users).map(
    ([user, password]) => `[${user}]
type=endpoint
${common}auth=${user}
aors=${user}
[${user}]
type=auth
auth_type=userpass
username=${user}
password=${password}
[${user}]
type=aor
max_contacts=1
remove_existing=yes
`,
  );
  return `[udp]
type=transport
protocol=udp
bind=127.0.0.1:${port}
[trunk]
type=endpoint
${common}
[trunk]
type=identify
endpoint=trunk
match=127.0.0.2
${accounts.join('')}`;
}
