import { z } from 'zod';
import { drawNormals, mapGenerator, mapSeedSchema } from './draw.js';
import { MAX_COLUMNS } from '../data/limits.js';
import { cut, refuseColumns, type FeatureMap, type MapRow } from './featureMap.js';

/** Edge of a filter, in pixels. */
const EDGE = 7;
/** Weights of a filter. */
export const FILTER_CELLS = EDGE * EDGE;
/** Filters whose sums are made together: one sum waits for itself. */
const FILTERS_AT_ONCE = 4;
/** Largest edge of an image, in pixels. */
const MAX_EDGE = 32;

/** See {@link randomConvolution}. */
export const randomConvolutionSchema = z.strictObject({
  /** Filters of 7 × 7 pixels whose weights are drawn, and not trained, then max(0, ·) and the mean of each tile. */
  kind: z.literal('random-convolution'),
  /** Rows of the image, 7 to 32: columns of the table are pixels, row by row. */
  height: z.number().int().min(EDGE).max(MAX_EDGE),
  /** Pixels of a row, 7 to 32. */
  width: z.number().int().min(EDGE).max(MAX_EDGE),
  /** What a white pixel is in the table: pixels are divided by it. */
  white: z.number().min(1e-6).max(1e6),
  /** Filters, 1 to 1,024. */
  filters: z.number().int().min(1).max(MAX_COLUMNS),
  /** Pixels from one place of a filter to the next, 1 to 4. */
  stride: z.number().int().min(1).max(4),
  /** Each filter's places are cut into tiles × tiles tiles, 1 to 8: as many features a filter. */
  tiles: z.number().int().min(1).max(8),
  /** What the filters follow from: 1 to 64 characters, public. */
  seed: mapSeedSchema,
});

type RandomConvolution = z.infer<typeof randomConvolutionSchema>;

/** How often a filter fits along an edge. */
const placesOf = (edge: number, stride: number): number => Math.floor((edge - EDGE) / stride) + 1;

/** For images: what random filters see of each tile, on average. Each filter's weights sum to 0, so that it sees edges, not light. */
export const randomConvolution: FeatureMap<RandomConvolution> = {
  units: 'table',
  width: ({ kind, height, width, filters, stride, tiles }, columns) => {
    if (columns !== height * width)
      refuseColumns(kind, `takes images of ${height} × ${width} pixels, not ${columns} columns`, {
        columns,
        height,
        width,
      });
    const places = Math.min(placesOf(height, stride), placesOf(width, stride));
    if (tiles > places)
      refuseColumns(kind, `has ${places} places along an edge, fewer than ${tiles} tiles`, { places, tiles });
    return filters * tiles * tiles;
  },
  open: (document) => mapperOf(document, drawFilters(document)),
};

/** The weights of all filters, row by row, filter by filter. */
export function drawFilters({ kind, filters, seed }: RandomConvolution): Float64Array {
  return balanced(drawNormals(mapGenerator(kind, seed), filters * FILTER_CELLS));
}

/** Where filters are laid, which is the same for all of them. */
interface FilterPlaces {
  /** How many. */
  readonly places: number;
  /** The pixel of each cell of each place. */
  readonly pixels: Uint16Array;
  /** The tile of each place. */
  readonly tileOf: Uint16Array;
  /** How many places each tile has. */
  readonly placesOf: Uint16Array;
}

/** The places of a map's filters, row by row. */
export function filterPlaces({ height, width, stride, tiles }: RandomConvolution): FilterPlaces {
  const [down, across] = [placesOf(height, stride), placesOf(width, stride)];
  const tileOf = (place: number, places: number): number => Math.floor((place * tiles) / places);
  const tileOfPlace = Uint16Array.from(
    { length: down * across },
    (_, place) => tileOf(Math.floor(place / across), down) * tiles + tileOf(place % across, across),
  );
  const placesOfTile = new Uint16Array(tiles * tiles);
  for (const tile of tileOfPlace) placesOfTile[tile]! += 1;
  const pixels = sourcesOf(width, stride, down, across);
  return { places: down * across, pixels, tileOf: tileOfPlace, placesOf: placesOfTile };
}

/** Filters of sum 0, and length about 7: tiles of images are then about 1 in root mean square. */
function balanced(drawn: Float64Array): Float64Array {
  const weights = new Float64Array(drawn.length);
  for (let start = 0; start < drawn.length; start += FILTER_CELLS) {
    let sum = 0;
    for (let cell = 0; cell < FILTER_CELLS; cell++) sum += drawn[start + cell]!;
    for (let cell = 0; cell < FILTER_CELLS; cell++)
      weights[start + cell] = drawn[start + cell]! - sum / FILTER_CELLS;
  }
  return weights;
}

function mapperOf(document: RandomConvolution, weights: Float64Array): MapRow {
  const { white, filters, tiles } = document;
  const { pixels, tileOf: tileOfPlace, placesOf: placesOfTile } = filterPlaces(document);
  const patches = new Float64Array(pixels.length);
  const sums = new Float64Array(FILTERS_AT_ONCE);
  return (columns, features) => {
    for (let cell = 0; cell < patches.length; cell++) patches[cell] = columns[pixels[cell]!]! / white;
    features.fill(0, 0, filters * tiles * tiles);
    for (let filter = 0; filter < filters; filter += FILTERS_AT_ONCE) {
      for (let place = 0; place < tileOfPlace.length; place++) {
        applyFilters(patches, place * FILTER_CELLS, weights, filter * FILTER_CELLS, sums);
        for (let other = 0; other < FILTERS_AT_ONCE && filter + other < filters; other++) {
          const feature = (filter + other) * tiles * tiles + tileOfPlace[place]!;
          features[feature]! += Math.max(0, sums[other]!);
        }
      }
    }
    for (let feature = 0; feature < filters * tiles * tiles; feature++)
      features[feature] = cut(features[feature]! / placesOfTile[feature % (tiles * tiles)]!);
  };
}

/** Sums of products of one patch and four filters; beyond the last filter they are 0. */
function applyFilters(
  patches: Float64Array,
  patch: number,
  weights: Float64Array,
  first: number,
  sums: Float64Array,
): void {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let cell = 0, weight = first; cell < FILTER_CELLS; cell++, weight++) {
    const value = patches[patch + cell]!;
    s0 += value * weights[weight]!;
    s1 += value * weights[weight + FILTER_CELLS]!;
    s2 += value * weights[weight + 2 * FILTER_CELLS]!;
    s3 += value * weights[weight + 3 * FILTER_CELLS]!;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

/** The pixel of each cell of each place of a filter. */
function sourcesOf(width: number, stride: number, down: number, across: number): Uint16Array {
  return Uint16Array.from({ length: down * across * FILTER_CELLS }, (_, index) => {
    const cell = index % FILTER_CELLS;
    const place = Math.floor(index / FILTER_CELLS);
    const row = Math.floor(place / across) * stride + Math.floor(cell / EDGE);
    return row * width + (place % across) * stride + (cell % EDGE);
  });
}
