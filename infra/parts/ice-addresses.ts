import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/**
 * Lines of rtp.conf's `[ice_host_candidates]`. To a browser Asterisk offers every address of the machine except loopback,
 * also those its sound is not bound to; here each is replaced by the one it listens on. Nothing to replace when it
 * listens on all. An address the machine gets later is offered in vain until the next start, and found by the checks that
 * Asterisk sends to the browser.
 */
export function iceAddressLines(
  bindAddress: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string {
  if (bindAddress === '0.0.0.0') return '';
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && address !== bindAddress)
    .map(({ address }) => `${address} => ${bindAddress}`)
    .join('\n');
}
