import { PackageReader } from '../data/packageReader.js';
import type { Shard } from '../data/split.js';

/** All rows of a package, as its shard had them. */
export function rowsOf(bytes: Uint8Array): Pick<Shard, 'values' | 'targets'> {
  const values: number[] = [];
  const targets: number[] = [];
  let features = 0;
  const reader = new PackageReader({
    begin: (count) => (features = count),
    rows: ({ rows, cells }) => {
      for (let row = 0; row < rows; row++) {
        const start = row * (features + 1);
        values.push(...cells.subarray(start, start + features));
        targets.push(cells[start + features] ?? 0);
      }
    },
  });
  reader.push(bytes);
  reader.end();
  return { values: Float64Array.from(values), targets: Float64Array.from(targets) };
}

/** The bytes in pieces of the given lengths, in turns. */
export async function* cut(bytes: Uint8Array, ...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let turn = 0;
  for (let start = 0; start < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    // One memory for all pieces, as a stream may have it.
    const piece = Uint8Array.from(bytes.subarray(start, start + length));
    yield await Promise.resolve(piece);
    piece.fill(0xff);
    start += length;
  }
}
