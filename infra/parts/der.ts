/** Just enough of DER (ITU-T X.690) to write one certificate. */

const tlv = (tag: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([tag]), length(content.length), content]);

function length(count: number): Buffer {
  if (count < 0x80) return Buffer.from([count]);
  return count < 0x100 ? Buffer.from([0x81, count]) : Buffer.from([0x82, count >> 8, count & 0xff]);
}

export const sequence = (...items: Uint8Array[]): Buffer => tlv(0x30, Buffer.concat(items));
export const set = (...items: Uint8Array[]): Buffer => tlv(0x31, Buffer.concat(items));
export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'));
export const octets = (content: Uint8Array): Buffer => tlv(0x04, content);
export const bits = (content: Uint8Array): Buffer => tlv(0x03, Buffer.concat([Buffer.from([0]), content]));
export const yes = tlv(0x01, Buffer.from([0xff]));
/** `[number]` holding other items, or raw bytes when `content` is primitive. */
export const tagged = (number: number, content: Uint8Array): Buffer => tlv(0xa0 + number, content);
export const taggedBytes = (number: number, content: Uint8Array): Buffer => tlv(0x80 + number, content);
/** A positive whole number, most significant byte first. */
export const integer = (bytes: Uint8Array): Buffer =>
  tlv(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);

/** `2.5.4.3` → its encoding. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

/** UTCTime, to the second; right until 2049 (RFC 5280, 4.1.2.5.1). */
export const time = (at: Date): Buffer =>
  tlv(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .slice(2)
        .replaceAll(/[-:T]|\.\d+Z/g, '')}Z`,
      'latin1',
    ),
  );
