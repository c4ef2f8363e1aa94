import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { bits, integer, octets, oid, sequence, set, tagged, taggedBytes, time, utf8, yes } from './der.ts';
import { ensureFolder, readIfThere, writeFileAtomic } from './files.ts';

const dayMs = 86_400_000;

/**
 * A certificate of our own for SIP over TLS and WebSocket over TLS, made once and renewed a month before it ends or when the
 * address changes. A real one is put in its place by replacing both files.
 */
export function ensureCertificate(
  folder: string,
  address: string,
  now: Date,
): { certificateFile: string; keyFile: string } {
  const certificateFile = join(folder, 'hotline.crt');
  const keyFile = join(folder, 'hotline.key');
  ensureFolder(folder);
  if (!isUsable(readIfThere(certificateFile), readIfThere(keyFile), address, now)) {
    const made = selfSigned(address, now);
    writeFileAtomic(keyFile, made.keyPem);
    writeFileAtomic(certificateFile, made.certificatePem);
  }
  return { certificateFile, keyFile };
}

function isUsable(certificatePem: Buffer | null, keyPem: Buffer | null, address: string, now: Date): boolean {
  if (!certificatePem || !keyPem) return false;
  const certificate = new X509Certificate(certificatePem);
  // Someone else's certificate is theirs to renew and to name.
  if (certificate.subject !== certificate.issuer || !certificate.subject.includes('CN=hotline')) return true;
  return (
    certificate.checkIP(address) !== undefined &&
    certificate.validToDate.getTime() - now.getTime() > 30 * dayMs
  );
}

/** An X.509 v3 certificate (RFC 5280) on a P-256 key, valid for ten years, for localhost, 127.0.0.1 and one address. */
export function selfSigned(address: string, now: Date): { certificatePem: string; keyPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8('hotline'))));
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const addresses = [...new Set(['127.0.0.1', address])].map((ip) =>
    taggedBytes(7, Buffer.from(ip.split('.').map(Number))),
  );
  const names = sequence(taggedBytes(2, Buffer.from('localhost')), ...addresses);
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name,
    sequence(time(new Date(now.getTime() - dayMs)), time(new Date(now.getTime() + 3650 * dayMs))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      3,
      sequence(
        sequence(oid('2.5.29.19'), yes, octets(sequence(yes))),
        sequence(oid('2.5.29.17'), octets(names)),
      ),
    ),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  const base64 = certificate
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd();
  return {
    certificatePem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
