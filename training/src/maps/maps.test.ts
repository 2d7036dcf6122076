import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { Drbg } from '../drbg.js';
import { drawNormals, mapGenerator } from './draw.js';
import { MAX_COLUMNS } from '../data/limits.js';
import { MappedRows, mappedWidth } from './mappedRows.js';
import { featureMapSchema, mapKinds, mapWidth, openMap, type MapDocument } from './registry.js';

/** For each kind a map of 64 columns. */
const documents: Readonly<Record<MapDocument['kind'], MapDocument>> = {
  identity: { kind: 'identity' },
  polynomial: { kind: 'polynomial', degree: 2 },
  'random-layer': { kind: 'random-layer', units: 50, seed: 'a' },
  'random-convolution': {
    kind: 'random-convolution',
    height: 8,
    width: 8,
    white: 2,
    filters: 5,
    stride: 1,
    tiles: 2,
    seed: 'a',
  },
};
/** SHA-256 of the features of three rows: another processor or version must make the same. */
const pinned: Readonly<Record<MapDocument['kind'], string>> = {
  identity: '218a803d67f74378ea9304179b4509c03627ca4d52a4bfecf3e41978ca33bc89',
  polynomial: 'de3fb615039661d4f46c64e7605d46d6f2883d485c90d013dcfd659682a30ea0',
  'random-layer': '72558b6033a9935ff9dc42f232f64cf5ac7dae8e510e3164649cfb01c6f64b00',
  'random-convolution': '9497d8064b1422b51169bccbc0aee87f41c525001c4882ac6aca65a931c0c2e1',
};
const columnsOf = (kind: MapDocument['kind']): number => (kind === 'polynomial' ? 40 : 64);

function rowsOf(count: number, columns: number): Float64Array {
  const drbg = new Drbg(Buffer.from('rows'));
  return Float64Array.from({ length: count * columns }, () => (drbg.below(2 ** 20) / 2 ** 20) * 6 - 3);
}

describe.each(mapKinds)('the feature map %s', (kind) => {
  const document = documents[kind];
  const columns = columnsOf(kind);
  const width = mapWidth(document, columns);
  const rows = rowsOf(3, columns);

  const mapped = (of: MapDocument): Float64Array => {
    const mapRow = openMap(of, columns);
    const out = new Float64Array(3 * width).fill(NaN);
    for (let row = 0; row < 3; row++)
      mapRow(rows.subarray(row * columns, (row + 1) * columns), out.subarray(row * width, (row + 1) * width));
    return out;
  };

  it('makes as many features as it says, all of them finite and within ±8', () => {
    const features = mapped(document);
    expect(features.every((value) => Math.abs(value) <= 8)).toBe(true);
    expect(new Set(features).size).toBeGreaterThan(width / 2);
  });

  it('makes the same bytes for the same document, on every machine', () => {
    const features = mapped(document);
    expect(mapped(featureMapSchema.parse(JSON.parse(JSON.stringify(document))))).toEqual(features);
    expect(createHash('sha256').update(new Uint8Array(features.buffer)).digest('hex')).toBe(pinned[kind]);
  });

  it('leaves its columns as they are', () => {
    const before = rows.slice();
    mapped(document);
    expect(rows).toEqual(before);
  });

  it('makes the same features of rows however they are cut', () => {
    const all = rowsOf(100, columns + 1);
    const seen = [1, 7, 100].map((count) => {
      const out: number[] = [];
      const visitor = {
        begin: (features: number) => out.push(features),
        rows: ({ rows: many, cells }: { rows: number; cells: Float64Array }) => {
          out.push(...cells.subarray(0, many * (width + 2)));
        },
      };
      const statistics = { means: Array<number>(columns).fill(1), scales: Array<number>(columns).fill(2) };
      const reader = new MappedRows({ map: document, hasOnes: true }, statistics, visitor);
      reader.begin(columns);
      for (let first = 0; first < 100; first += count) {
        const many = Math.min(count, 100 - first);
        reader.rows({
          rows: many,
          cells: all.subarray(first * (columns + 1), (first + many) * (columns + 1)),
        });
      }
      return out;
    });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it('is refused with a field more, or one less', () => {
    expect(featureMapSchema.safeParse({ ...document, more: 1 }).success).toBe(false);
    for (const field of Object.keys(document))
      expect(
        featureMapSchema.safeParse(
          Object.fromEntries(Object.entries(document).filter(([name]) => name !== field)),
        ).success,
      ).toBe(false);
  });
});

it('features beyond what a model can have are refused before any work', () => {
  const polynomial = documents.polynomial;
  expect(mapWidth(polynomial, 43)).toBe(989);
  expect(refusal(() => mapWidth(polynomial, 44), 'VT7302').facts).toMatchObject({
    features: 1034,
    most: MAX_COLUMNS,
  });
  const images = documents['random-convolution'];
  refusal(() => mapWidth(images, 63), 'VT7302');
  refusal(() => openMap(images, 63), 'VT7302');
  refusal(() => mapWidth({ ...images, tiles: 3 } as MapDocument, 64), 'VT7302');
  refusal(() => mapWidth({ ...images, filters: 257 } as MapDocument, 64), 'VT7302');
});

it('a 1 stands behind the features of families that train no intercept', () => {
  expect(mappedWidth({ map: documents.polynomial, hasOnes: true }, 3)).toBe(10);
  expect(mappedWidth({ map: documents.polynomial, hasOnes: false }, 3)).toBe(9);
  expect(mappedWidth({ map: documents.identity, hasOnes: true }, 3)).toBe(3);
});

it('polynomials are columns, squares less 1, and products, cut to ±8', () => {
  const features = new Float64Array(9);
  openMap(documents.polynomial, 3)(Float64Array.of(2, -4, 0.5), features);
  expect([...features]).toEqual([2, -4, 0.5, 3, -8, 1, 8, -2, -0.75]);
});

it('drawn numbers have mean 0 and deviation 1', () => {
  const drawn = drawNormals(mapGenerator('test', 'a'), 20000);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const square = drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(square - 1)).toBeLessThan(0.05);
});

it('a convolution takes the mean of what is above 0 in each tile', () => {
  const document = { ...documents['random-convolution'], height: 10, width: 9 } as MapDocument;
  const image = rowsOf(1, 90);
  const features = new Float64Array(mapWidth(document, 90));
  openMap(document, 90)(image, features);
  const drawn = drawNormals(mapGenerator('random-convolution', 'a'), 5 * 49);
  for (let filter = 0; filter < 5; filter++) {
    const weights = drawn.subarray(filter * 49, (filter + 1) * 49);
    const mean = weights.reduce((sum, value) => sum + value, 0) / 49;
    const tiles = [0, 0, 0, 0];
    const places = [2, 1]; // three places across: two in the left tiles
    for (let top = 0; top < 4; top++) {
      for (let left = 0; left < 3; left++) {
        let sum = 0;
        weights.forEach((weight, cell) => {
          const pixel = image[(top + Math.floor(cell / 7)) * 9 + left + (cell % 7)]! / 2;
          sum += pixel * (weight - mean);
        });
        const tile = 2 * Math.floor(top / 2) + Math.floor((2 * left) / 3);
        tiles[tile]! += Math.max(0, sum) / (2 * places[tile % 2]!);
      }
    }
    tiles.forEach((mean, tile) => expect(features[filter * 4 + tile]).toBeCloseTo(Math.min(8, mean), 9));
  }
});
