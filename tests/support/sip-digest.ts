import { createHash, randomBytes } from 'node:crypto';

/**
 * The Authorization value for a challenge (RFC 7616; MD5 or SHA-256, with or without qop=auth).
 * @throws when the challenge wants something else
 */
export function authorize(
  challenge: string,
  { method, uri, user, password }: { method: string; uri: string; user: string; password: string },
): string {
  const field = (name: string): string | undefined =>
    new RegExp(`[\\s,]${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge)?.slice(1).find(Boolean);
  const algorithm = field('algorithm') ?? 'MD5';
  const hashName = { MD5: 'md5', 'SHA-256': 'sha256' }[algorithm.toUpperCase()];
  if (!hashName) throw new Error(`digest algorithm ${algorithm} is not spoken here`);
  const hash = (text: string): string => createHash(hashName).update(text).digest('hex');
  const [realm = '', nonce = '', opaque] = [field('realm'), field('nonce'), field('opaque')];
  const withQop = field('qop')?.split(',').includes('auth') ?? false;
  const [count, ours] = ['00000001', randomBytes(8).toString('hex')];
  const secret = hash(`${user}:${realm}:${password}`);
  const what = hash(`${method}:${uri}`);
  const response = hash(
    withQop ? `${secret}:${nonce}:${count}:${ours}:auth:${what}` : `${secret}:${nonce}:${what}`,
  );
  const parts = [
    `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`,
    `algorithm=${algorithm}`,
    ...(withQop ? [`qop=auth, nc=${count}, cnonce="${ours}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return parts.join(', ');
}
