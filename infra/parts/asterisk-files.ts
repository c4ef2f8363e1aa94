import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../services/config.ts';
import type { Secrets } from '../../services/runtime/secrets.ts';
import type { RunTools } from '../tools/types.ts';
import { fallbackValues } from './asterisk-fallback.ts';
import { ensureCertificate } from './certificate.ts';
import { ensureFolder, homeFolders, writeFileAtomic } from './files.ts';
import { iceAddressLines } from './ice-addresses.ts';
import { beep, melody, wavFile } from './music.ts';
import { fillTemplate } from './template.ts';

const leftAtDefaults = [
  'acl.conf',
  'ccss.conf',
  'chan_websocket.conf',
  'pjproject.conf',
  'queuerules.conf',
  'udptl.conf',
  'websocket_client.conf',
];

/**
 * Renders `dialplans/asterisk/*.conf` into Asterisk's own folder and makes everything it expects to find.
 * Files that hold passwords are for the owner alone; so are all the others.
 */
export function renderAsteriskFiles(
  config: Config,
  tools: Pick<RunTools, 'asteriskDataDir' | 'asteriskModulesDir'>,
  secrets: Secrets,
  now: Date,
): void {
  const folders = homeFolders(config.homeDir);
  for (const folder of [
    folders.asteriskEtc,
    join(folders.asteriskVar, 'keys'),
    folders.asteriskData,
    // Without it every recording fails.
    folders.recordings,
    folders.asteriskRun,
    folders.asteriskCel,
    folders.logs,
    folders.music,
  ]) {
    ensureFolder(folder);
  }
  const certificate = ensureCertificate(folders.certificates, config.localAddress, now);
  const values = templateValues(config, tools, secrets, certificate, now);
  const templates = join(config.repoDir, 'dialplans', 'asterisk');
  const names = readdirSync(templates).filter((name) => name.endsWith('.conf'));
  for (const name of names) {
    const file = join(templates, name);
    writeFileAtomic(join(folders.asteriskEtc, name), fillTemplate(readFileSync(file, 'utf8'), values, file));
  }
  for (const name of leftAtDefaults) {
    writeFileAtomic(
      join(folders.asteriskEtc, name),
      '; Nothing set: the file is here because Asterisk complains without it.\n',
    );
  }
  for (const stale of readdirSync(folders.asteriskEtc).filter(
    (name) => ![...names, ...leftAtDefaults].includes(name),
  )) {
    rmSync(join(folders.asteriskEtc, stale));
  }
  link('../asterisk/cel', join(folders.logs, 'cel-custom'));
  linkData(tools.asteriskDataDir, folders.asteriskData, folders.sounds);
  writeMusic(folders.music);
  writeBeep(join(folders.asteriskData, 'sounds'));
}

function templateValues(
  config: Config,
  tools: Pick<RunTools, 'asteriskModulesDir'>,
  secrets: Secrets,
  certificate: { certificateFile: string; keyFile: string },
  now: Date,
): Record<string, string | number> {
  const folders = homeFolders(config.homeDir);
  return {
    nodeId: config.nodeId,
    etcDir: folders.asteriskEtc,
    modulesDir: tools.asteriskModulesDir,
    varDir: folders.asteriskVar,
    dataDir: folders.asteriskData,
    spoolDir: folders.asteriskSpool,
    runDir: folders.asteriskRun,
    logDir: folders.logs,
    logFile: 'asterisk.log',
    musicDir: folders.music,
    certificateFile: certificate.certificateFile,
    privateKeyFile: certificate.keyFile,
    bindAddress: config.bindAddress,
    httpPort: config.asteriskHttpPort,
    httpsPort: config.asteriskHttpsPort,
    amiPort: config.amiPort,
    sipPort: config.sipPort,
    sipTlsPort: config.sipTlsPort,
    rtpFirst: config.rtpPorts.first,
    rtpLast: config.rtpPorts.last,
    trunks: config.trunks.join(','),
    trunkSilenceS: config.trunkSilenceS,
    trunkHoldSilenceS: config.trunkSilenceS * 10,
    mediaAddressLines: mediaAddressLines(config),
    outboundTrunk: outboundTrunk(config),
    iceAddressLines: iceAddressLines(config.bindAddress),
    ariUser: secrets.ari.user,
    ariPassword: secrets.ari.password,
    amiUser: secrets.ami.user,
    amiPassword: secrets.ami.password,
    ...fallbackValues(config, now),
  };
}

/** RTP is bound to the one address we listen on; with all addresses, each call uses the one it came in by. */
function mediaAddressLines(config: Config): string {
  if (config.bindAddress === '0.0.0.0') return '';
  return `media_address = ${config.bindAddress}\nbind_rtp_to_media_address = yes`;
}

/** The endpoint of calls of ours to outside; nothing without a trunk for them. */
function outboundTrunk(config: Config): string {
  if (config.outboundTrunk === null) return '';
  const { host, port } = config.outboundTrunk;
  return `[outbound]
type = endpoint
; Nobody calls in by it: there is no such context, and no address is taken for it.
context = nobody
aors = outbound
identify_by = ip
disallow = all
allow = alaw,ulaw,g722
dtmf_mode = rfc4733
direct_media = no
rtp_symmetric = yes
; Which hotline calls is said with each call.
trust_id_outbound = yes
send_pai = yes
allow_transfer = no
allow_subscribe = no
tos_audio = ef
language = zh-CN
rtp_timeout = ${config.trunkSilenceS}
rtp_timeout_hold = ${config.trunkSilenceS * 10}
timers = yes
${mediaAddressLines(config)}

[outbound]
type = aor
contact = sip:${host}:${port}`;
}

/** Asterisk's data folder: its own documentation and API description by link, our prompts as `sounds/hotline`. */
function linkData(packagedDataDir: string, dataDir: string, soundsDir: string): void {
  for (const name of readdirSync(packagedDataDir).filter((entry) => entry !== 'sounds')) {
    link(join(packagedDataDir, name), join(dataDir, name));
  }
  ensureFolder(join(dataDir, 'sounds'));
  link(soundsDir, join(dataDir, 'sounds', 'hotline'));
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

/** Rendered once; the number goes up when the melody changes. */
function writeMusic(folder: string): void {
  const name = 'waiting-1';
  for (const stale of readdirSync(folder).filter((file) => !file.startsWith(`${name}.`)))
    rmSync(join(folder, stale));
  // `.wav16` is how Asterisk names 16 kHz: callers with a wideband codec hear that one.
  for (const [suffix, sampleRate] of [
    ['wav', 8000],
    ['wav16', 16000],
  ] as const) {
    const file = join(folder, `${name}.${suffix}`);
    if (!existsSync(file)) writeFileAtomic(file, wavFile(melody(sampleRate), sampleRate));
  }
}

/** What callers hear when a recording begins; Asterisk looks for it under this name, in any language. */
function writeBeep(folder: string): void {
  writeFileAtomic(join(folder, 'beep.wav'), wavFile(beep(8000), 8000));
}
