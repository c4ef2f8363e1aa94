import { readFileSync, writeFileSync } from 'node:fs';

/** One channel of 16-bit sound. */
export type Sound = { samples: Int16Array; sampleRateHz: number };

/**
 * Reads 16-bit PCM, first channel only. Tolerates a file still being written (sizes in the header not yet
 * true): it then reads to the end of what is there.
 * @throws when the file is not a 16-bit PCM wav
 */
export function readWav(file: string): Sound {
  const bytes = readFileSync(file);
  if (
    bytes.length < 12 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WAVE'
  )
    throw new Error(`${file}: not a wav file`);
  let channels = 0;
  let sampleRateHz = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === 'fmt ') {
      channels = bytes.readUInt16LE(start + 2);
      sampleRateHz = bytes.readUInt32LE(start + 4);
      if (bytes.readUInt16LE(start + 14) !== 16) throw new Error(`${file}: not 16-bit PCM`);
    }
    if (id === 'data') {
      const end = size > 0 && start + size <= bytes.length ? start + size : bytes.length;
      return { samples: firstChannel(bytes.subarray(start, end), channels), sampleRateHz };
    }
    at = start + size + (size % 2);
  }
  throw new Error(`${file}: a wav file without sound`);
}

/** Writes 16-bit PCM, one channel. */
export function writeWav(file: string, { samples, sampleRateHz }: Sound): void {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length * 2, 40);
  writeFileSync(
    file,
    Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]),
  );
}

function firstChannel(data: Buffer, channels: number): Int16Array {
  const frameBytes = 2 * channels;
  return Int16Array.from({ length: Math.floor(data.length / frameBytes) }, (_, i) =>
    data.readInt16LE(i * frameBytes),
  );
}
