import { z } from 'zod';
import { MAX_COLUMNS } from '../data/limits.js';
import { refuseColumns, type FeatureMap, type MapRow } from './featureMap.js';
import { identity, identitySchema } from './identity.js';
import { polynomial, polynomialSchema } from './polynomial.js';
import { randomConvolution, randomConvolutionSchema } from './randomConvolution.js';
import { randomLayer, randomLayerSchema } from './randomLayer.js';

/** A feature map as a document: how a row's columns become features. Public, part of the program, computed by hosts. */
export const featureMapSchema = z.discriminatedUnion('kind', [
  identitySchema,
  polynomialSchema,
  randomLayerSchema,
  randomConvolutionSchema,
]);

/** A feature map as a document. See {@link featureMapSchema}. */
export type MapDocument = z.infer<typeof featureMapSchema>;

/** Every feature map that programs may name. */
const maps: {
  readonly [Kind in MapDocument['kind']]: FeatureMap<Extract<MapDocument, { readonly kind: Kind }>>;
} = {
  identity,
  polynomial,
  'random-layer': randomLayer,
  'random-convolution': randomConvolution,
};

/** Names of all feature maps. */
export const mapKinds = Object.keys(maps) as readonly MapDocument['kind'][];

const mapOf = (document: MapDocument): FeatureMap<MapDocument> => maps[document.kind];

/**
 * How many features a map makes of so many columns, known before any work.
 * @throws TrainingError VT7302 where it does not take so many columns, or makes more features than there may be
 */
export function mapWidth(document: MapDocument, columns: number): number {
  const width = mapOf(document).width(document, columns);
  if (width > MAX_COLUMNS)
    refuseColumns(document.kind, `makes ${width} features of ${columns} columns`, {
      columns,
      features: width,
      most: MAX_COLUMNS,
    });
  return width;
}

/** Whether a map takes columns in the units of the table. */
export const takesTableUnits = (document: MapDocument): boolean => mapOf(document).units === 'table';

/** Draws what a map needs, once for all rows. @throws TrainingError VT7302 */
export function openMap(document: MapDocument, columns: number): MapRow {
  mapWidth(document, columns);
  return mapOf(document).open(document, columns);
}
