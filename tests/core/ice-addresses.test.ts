import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { iceAddressLines } from '../../infra/parts/ice-addresses.ts';

const at = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  cidr: `${address}/24`,
});
const machine = { lo: [at('127.0.0.1', true)], eth0: [at('192.0.2.2')], eth1: [at('198.51.100.7')] };

test('listening on this machine only: browsers are told that address in place of the others', () => {
  expect(iceAddressLines('127.0.0.1', machine)).toBe('192.0.2.2 => 127.0.0.1\n198.51.100.7 => 127.0.0.1');
});

test('listening on one of several addresses: only the others are replaced', () => {
  expect(iceAddressLines('198.51.100.7', machine)).toBe('192.0.2.2 => 198.51.100.7');
});

test('listening on all addresses: each is told as it is', () => {
  expect(iceAddressLines('0.0.0.0', machine)).toBe('');
});
