import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../digest.js';
import { type Part, PartCutter, partBytes } from './parts.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve();
    yield bytes.subarray(start, start + size);
  }
}

/** All parts, as they are when they are handed out. */
async function cut(
  cutter: PartCutter,
  then: (part: Part) => void = (part) => part.release(),
): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (let part = await cutter.next(); part !== undefined; part = await cutter.next()) {
    parts.push(Buffer.from(part.bytes));
    expect(part.number).toBe(parts.length);
    then(part);
  }
  return parts;
}

describe('content in parts', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [partBytes, [partBytes]],
    [partBytes + 1, [partBytes, 1]],
    [2 * partBytes, [partBytes, partBytes]],
    [3 * partBytes + 7, [partBytes, partBytes, partBytes, 7]],
  ])('%i bytes are cut the same way, however they come', async (size, expected) => {
    const bytes = randomBytes(size);
    for (const content of [bytes, pieces(bytes, 1_000_003), pieces(bytes, size + 1)]) {
      const cutter = new PartCutter(content, undefined);
      const parts = await cut(cutter);
      expect(parts.map(({ length }) => length)).toEqual(expected);
      expect(Buffer.concat(parts).equals(bytes)).toBe(true);
      expect(await cutter.finish()).toEqual({ digest: digestOf(bytes), sizeBytes: size });
    }
  });

  it('says which part is the last, before it is sent', async () => {
    const seen: boolean[] = [];
    await cut(
      new PartCutter(pieces(randomBytes(2 * partBytes), 999_999), undefined),
      ({ isLast, release }) => {
        seen.push(isLast);
        release();
      },
    );
    expect(seen).toEqual([false, true]);
  });

  it('takes no more memory for more parts, as long as they are released', async () => {
    const buffers = new Set<ArrayBufferLike>();
    await cut(
      new PartCutter(pieces(randomBytes(8 * partBytes), 1_000_000), undefined),
      ({ bytes, release }) => {
        buffers.add(bytes.buffer);
        release();
      },
    );
    expect(buffers.size).toBeLessThan(4);
  });

  it('tells the source when nothing more is asked for', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(1_000_000));
      } finally {
        isClosed = true;
      }
    }
    const cutter = new PartCutter(endless(), undefined);
    await cutter.next();
    await cutter.close();
    expect(isClosed).toBe(true);
  });
});
