import { encryptPlaintexts } from '../../ckks/encryption.js';
import type { SecretKey } from '../../ckks/keys.js';
import { productParameters as parameters } from '../../ckks/parameters.js';
import type { Scheme } from '../../ckks/scheme.js';
import { withScope } from '../../ring/scope.js';
import { queryCoefficients } from '../coefficients/query.js';
import { checkValues, writeQuery, type QueryContext } from '../query.js';
import { productLayout } from './layout.js';

/**
 * Model owner: the encrypted query, and the 1 that stands before the offset.
 * @throws TrainingError VT7501 for another number of values, or something else than finite numbers
 */
export async function encryptProductQuery(
  scheme: Pick<Scheme, 'parameters' | 'ring'>,
  key: { readonly secret: Uint8Array; readonly secretKey: SecretKey },
  query: QueryContext,
  values: Float64Array,
): Promise<Uint8Array> {
  checkValues(query, values);
  const { ring } = scheme;
  const extended = Float64Array.of(...values, 1);
  const layout = productLayout(parameters, query);
  const coefficients = queryCoefficients(parameters, layout, { inputs: extended.length }, extended);
  const plaintexts = await withScope((hold) => ring.read(hold(ring.transformWide(coefficients))));
  return writeQuery(parameters, query, await encryptPlaintexts(scheme, key, query, plaintexts));
}
