import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { encodePackage, splitTable } from '@veritrain/training';

const white = 255;

/** A part of MNIST, `train` or `t10k`, from its two files: at most so many images, as a table of pixels and a label. */
export function readImages(folder, part, most) {
  const read = (name) => gunzipSync(readFileSync(join(folder, `${part}-${name}-ubyte.gz`)));
  const [images, labels] = [read('images-idx3'), read('labels-idx1')];
  const rows = Math.min(most, images.readUInt32BE(4));
  const features = images.readUInt32BE(8) * images.readUInt32BE(12);
  return {
    source: part,
    target: 'digit',
    columns: Array.from({ length: features }, (_, pixel) => `pixel ${pixel}`),
    rows,
    features,
    values: Float64Array.from(images.subarray(16, 16 + rows * features)),
    targets: Float64Array.from(labels.subarray(8, 8 + rows)),
  };
}

/**
 * Splits images by the project's rule: no partner has all digits evenly. Pixels at the edge are the same in every image, so they
 * cannot be standardised each by itself: all are by the same numbers.
 */
export function packagesFor(table, subsets) {
  const numbers = Float64Array.from({ length: table.rows }, (_, row) => row);
  const numbered = { ...table, columns: ['row'], features: 1, values: numbers };
  const { template: split, shards } = splitTable(numbered, { subsets });
  const [[mean], [scale]] = [split.statistics.means, split.statistics.scales];
  const same = (value) => table.columns.map(() => value);
  const statistics = { ...split.statistics, means: same(0), scales: same(white) };
  const template = { ...split, columns: table.columns, features: table.features, statistics };
  const packages = shards.map(({ subset, rows, values: rowNumbers, targets }) => {
    const values = new Float64Array(rows * table.features);
    rowNumbers.forEach((number, place) => {
      const start = Math.round(number * scale + mean) * table.features;
      const image = table.values.subarray(start, start + table.features);
      values.set(
        image.map((pixel) => pixel / white),
        place * table.features,
      );
    });
    const shard = { subset, rows, features: table.features, values, targets };
    return encodePackage({ template, shard, shardSecret: randomBytes(32) });
  });
  return { template, packages };
}
