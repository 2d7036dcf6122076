import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { encodePackage, splitTable, type Table, type Template } from '@veritrain/training';

/** Grey images of one size and their labels. */
export interface Images {
  readonly count: number;
  /** Pixels of an image. */
  readonly pixels: number;
  /** count × pixels, 0 to 255. */
  readonly values: Float64Array;
  readonly labels: Float64Array;
}

/** The folder, where it has the files of MNIST; undefined where not. */
export function folderOfMnist(folder: string): string | undefined {
  return existsSync(`${folder}/train-images-idx3-ubyte.gz`) ? folder : undefined;
}

/** Reads the files of MNIST, gzip-compressed. @param part `train` or `t10k` */
export function readImages(folder: string, part: string): Images {
  const read = (name: string): Buffer => gunzipSync(readFileSync(`${folder}/${part}-${name}-ubyte.gz`));
  const [images, labels] = [read('images-idx3'), read('labels-idx1')];
  const count = images.readUInt32BE(4);
  const pixels = images.readUInt32BE(8) * images.readUInt32BE(12);
  return {
    count,
    pixels,
    values: new Float64Array(images.subarray(16)),
    labels: new Float64Array(labels.subarray(8)),
  };
}

/** Reads scikit-learn's `digits.csv.gz`: 1,797 images of 8 × 8 pixels, 0 to 16, and their labels, in the order of the file. */
export function readDigits(path: string): Images {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  return {
    count: rows.length,
    pixels: 64,
    values: Float64Array.from(rows.flatMap((row) => row.slice(0, 64))),
    labels: Float64Array.from(rows, (row) => row[64]!),
  };
}

/** Every fifth image, for a test, or the others. */
export function fifths({ count, pixels, values, labels }: Images, isTest: boolean): Images {
  const rows = Array.from({ length: count }, (_, row) => row).filter((row) => (row % 5 === 4) === isTest);
  return {
    count: rows.length,
    pixels,
    values: Float64Array.from(rows.flatMap((row) => [...values.subarray(row * pixels, (row + 1) * pixels)])),
    labels: Float64Array.from(rows, (row) => labels[row]!),
  };
}

/** The images as a table. */
export function tableOf({ count, pixels, values, labels }: Images): Table {
  const columns = Array.from({ length: pixels }, (_, pixel) => `p${pixel}`);
  return {
    source: 'images',
    target: 'label',
    columns,
    rows: count,
    features: pixels,
    values,
    targets: labels,
  };
}

/**
 * Packages by the project's splitting rule (by quantiles of the label). Many pixels are the same in every image, so that they
 * cannot be standardised one by one: all are by the same numbers.
 */
export function packagesOf(
  images: Images,
  subsets: number,
  units: { readonly mean: number; readonly scale: number },
): { readonly template: Template; readonly packages: Iterable<Uint8Array> } {
  const rowNumbers = Float64Array.from({ length: images.count }, (_, row) => row);
  const numbered: Table = { ...tableOf(images), columns: ['row'], features: 1, values: rowNumbers };
  const { template: split, shards } = splitTable(numbered, { subsets, seed: Buffer.from('bench') });
  const { pixels } = images;
  const [mean = 0] = split.statistics.means;
  const [scale = 1] = split.statistics.scales;
  const same = (value: number): number[] => Array.from({ length: pixels }, () => value);
  const template: Template = {
    ...split,
    columns: [...tableOf(images).columns],
    features: pixels,
    statistics: { ...split.statistics, means: same(units.mean), scales: same(units.scale) },
  };
  const packages = function* (): Generator<Uint8Array> {
    for (const { subset, rows, values: own, targets } of shards) {
      const values = new Float64Array(rows * pixels);
      own.forEach((value, place) => {
        const row = Math.round(value * scale + mean);
        const image = images.values.subarray(row * pixels, (row + 1) * pixels);
        values.set(
          image.map((pixel) => (pixel - units.mean) / units.scale + 0),
          place * pixels,
        );
      });
      const shard = { subset, rows, features: pixels, values, targets };
      yield encodePackage({ template, shard, shardSecret: new Uint8Array(32).fill(subset + 1) });
    }
  };
  return { template, packages: packages() };
}
