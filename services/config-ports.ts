import type { Config } from './config.ts';

/** A port (or a range of them) one of our settings takes. */
export type PortUse = {
  readonly setting: string;
  readonly purpose: string;
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly first: number;
  readonly last: number;
};

type PortSettings = Pick<
  Config,
  | 'bindAddress'
  | 'httpPort'
  | 'sipPort'
  | 'sipTlsPort'
  | 'asteriskHttpPort'
  | 'asteriskHttpsPort'
  | 'amiPort'
  | 'pgPort'
  | 'prometheusPort'
  | 'rtpPorts'
  | 'databaseKind'
  | 'standbyOf'
>;

/** Every port the service listens on, with the setting that moves it. */
export function portUses(config: PortSettings): PortUse[] {
  const one = (setting: string, purpose: string, port: number, address = config.bindAddress): PortUse => ({
    setting,
    purpose,
    protocol: 'tcp',
    address,
    first: port,
    last: port,
  });
  const sip = one('HOTLINE_SIP_PORT', 'SIP', config.sipPort);
  const web = one('HOTLINE_HTTP_PORT', 'web pages', config.httpPort);
  if (config.standbyOf !== null) return [web];
  return [
    web,
    sip,
    { ...sip, protocol: 'udp' },
    one('HOTLINE_SIP_PORT', 'SIP over TLS (SIP port + 1)', config.sipTlsPort),
    one('HOTLINE_ASTERISK_HTTP_PORT', 'ARI', config.asteriskHttpPort),
    one('HOTLINE_ASTERISK_HTTP_PORT', 'ARI over TLS (ARI port + 1)', config.asteriskHttpsPort),
    one('HOTLINE_AMI_PORT', 'AMI (ARI port + 2 unless set)', config.amiPort, '127.0.0.1'),
    ...(config.databaseKind === 'embedded'
      ? [one('HOTLINE_PG_PORT', 'Postgres', config.pgPort, '127.0.0.1')]
      : []),
    one('HOTLINE_PROMETHEUS_PORT', 'Prometheus', config.prometheusPort),
    {
      setting: 'HOTLINE_RTP_PORTS',
      purpose: 'RTP',
      protocol: 'udp',
      address: config.bindAddress,
      first: config.rtpPorts.first,
      last: config.rtpPorts.last,
    },
  ];
}

/** One line for each pair of settings that want the same port. */
export function portClashes(config: PortSettings): string[] {
  const uses = portUses(config);
  return uses.flatMap((use, index) =>
    uses
      .slice(index + 1)
      .filter(
        (other) => other.protocol === use.protocol && use.first <= other.last && other.first <= use.last,
      )
      .map(
        (other) =>
          `${use.setting} and ${other.setting}: ${use.purpose} and ${other.purpose} would both take ` +
          `${use.protocol} port ${Math.max(use.first, other.first)}; change one of them`,
      ),
  );
}
