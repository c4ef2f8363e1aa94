/** G.711 (ITU-T G.711) µ-law and A-law, 8 kHz, one byte per 16-bit sample. */
export type G711 = 'pcmu' | 'pcma';

/** RTP payload types of RFC 3551. */
export const PAYLOAD_TYPE: Record<G711, number> = { pcmu: 0, pcma: 8 };

const ULAW_BIAS = 0x84;
const ULAW_CLIP = 32_635;

const DECODED: Record<G711, Int16Array> = {
  pcmu: Int16Array.from({ length: 256 }, (_, byte) => decodeUlaw(byte)),
  pcma: Int16Array.from({ length: 256 }, (_, byte) => decodeAlaw(byte)),
};

/** 16-bit samples of an encoded payload. */
export function decodeG711(law: G711, payload: Uint8Array): Int16Array {
  const table = DECODED[law];
  return Int16Array.from(payload, (byte) => table[byte] ?? 0);
}

/** The encoded payload of 16-bit samples. */
export function encodeG711(law: G711, samples: Int16Array): Uint8Array {
  const encode = law === 'pcmu' ? encodeUlaw : encodeAlaw;
  return Uint8Array.from(samples, encode);
}

function encodeUlaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), ULAW_CLIP) + ULAW_BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function decodeUlaw(byte: number): number {
  const bits = ~byte & 0xff;
  const exponent = (bits >> 4) & 7;
  const magnitude = ((((bits & 0x0f) << 3) + ULAW_BIAS) << exponent) - ULAW_BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}

function encodeAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32_767);
  const exponent = Math.max(31 - Math.clz32(magnitude) - 7, 0);
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

function decodeAlaw(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const base = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? base : (base + 0x100) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}
