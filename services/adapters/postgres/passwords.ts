import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane; about 25 ms of one core. */
const COST = { memoryKiB: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

type Cost = typeof COST;

/** Hashes a password with a new salt, in the usual text form `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await inTurn(() => argon2id(password, salt, COST, HASH_BYTES));
  const { memoryKiB, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/**
 * Whether the password is the one that was hashed, compared in constant time. With null (no such user) it works as
 * long and answers no.
 * @throws when `stored` is not a hash of ours
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  if (stored === null) {
    await inTurn(() => argon2id(password, randomBytes(SALT_BYTES), COST, HASH_BYTES));
    return false;
  }
  const { salt, hash, cost } = read(stored);
  const given = await inTurn(() => argon2id(password, salt, cost, hash.length));
  return timingSafeEqual(given, hash);
}

const argon2id = (password: string, salt: Buffer, cost: Cost, bytes: number): Promise<Buffer> =>
  derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: salt,
    memory: cost.memoryKiB,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: bytes,
  });

const pattern = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function read(stored: string): { salt: Buffer; hash: Buffer; cost: Cost } {
  const [, memory, passes, parallelism, salt, hash] = pattern.exec(stored) ?? [];
  if (!memory || !passes || !parallelism || !salt || !hash) {
    throw new Error('staff_user.password_hash holds no Argon2id hash; remove the row and start again');
  }
  return {
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
    cost: { memoryKiB: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  };
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/**
 * Hashing shares Node's few worker threads with the disk and with name look-ups; a crowd signing in at shift change
 * must leave threads for those. So at most two hashes are under way, the others wait for their turn.
 */
const AT_ONCE = 2;
let underWay = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else underWay += 1;
  try {
    return await work();
  } finally {
    // The place is handed over rather than given back, so that nobody slips in between.
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }
}
