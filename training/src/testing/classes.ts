import type { Table } from '../data/table.js';
import { Drbg } from '../drbg.js';

/** A table of four classes around four centres, 0 to 3, that overlap; the same for the same seed. */
export function classTable(rows: number, features: number, seed = 'classes'): Table {
  const drbg = new Drbg(Buffer.from(seed));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 32 - 0.5;
  const centres = Float64Array.from({ length: 4 * features }, uniform);
  const targets = Float64Array.from({ length: rows }, () => drbg.below(4));
  const values = Float64Array.from({ length: rows * features }, (_, place) => {
    const row = Math.floor(place / features);
    return centres[targets[row]! * features + (place % features)]! + 2 * uniform();
  });
  const columns = Array.from({ length: features }, (_, j) => `x${j}`);
  return { source: 'classes', target: 'class', columns, rows, features, values, targets };
}
