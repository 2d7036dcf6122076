import { encryptPlaintexts } from '../../ckks/encryption.js';
import type { SecretKey } from '../../ckks/keys.js';
import type { CkksParameters } from '../../ckks/parameters.js';
import type { Scheme } from '../../ckks/scheme.js';
import { withScope } from '../../ring/scope.js';
import { checkValues, writeQuery, type QueryContext } from '../query.js';
import { writeFixed } from './fixedPoint.js';
import { coefficientLayout, type CoefficientLayout } from './layout.js';

/** Ciphertexts of a query, group by group, in each its runs of inputs. */
export function queryCiphertexts(
  parameters: CkksParameters,
  { inputs, outputs, vectors = 1 }: Pick<QueryContext, 'inputs' | 'outputs' | 'vectors'>,
): number {
  const { groups, inputRuns } = coefficientLayout(parameters, { inputs, outputs, vectors });
  return groups * inputRuns;
}

/**
 * Model owner: the encrypted query, vector by vector.
 * @param setupFlags which subsets owe their set-up; empty where there are no set-ups
 * @throws TrainingError VT7501 for another number of values, or something else than finite numbers
 */
export async function encryptCoefficientQuery(
  scheme: Pick<Scheme, 'parameters' | 'ring'>,
  key: { readonly secret: Uint8Array; readonly secretKey: SecretKey },
  query: QueryContext,
  values: Float64Array,
  setupFlags: Uint8Array,
): Promise<Uint8Array> {
  const { parameters, ring } = scheme;
  checkValues(query, values);
  const { inputs, outputs, vectors = 1 } = query;
  const layout = coefficientLayout(parameters, { inputs, outputs, vectors });
  const plaintexts = await withScope((hold) =>
    ring.read(hold(ring.transformWide(queryCoefficients(parameters, layout, query, values)))),
  );
  const encrypted = await encryptPlaintexts(scheme, key, query, plaintexts);
  return writeQuery(parameters, query, encrypted, setupFlags);
}

/** Coefficients of each ciphertext's plaintext, as signed 128-bit numbers. */
export function queryCoefficients(
  { ringDegree, modelScaleBits }: CkksParameters,
  { block, outputs, vectors, groups, inputRuns }: CoefficientLayout,
  { inputs, vectors: count = 1 }: Pick<QueryContext, 'inputs' | 'vectors'>,
  values: Float64Array,
): BigUint64Array[] {
  return Array.from({ length: groups * inputRuns }, (_, index) => {
    const [group, run] = [Math.floor(index / inputRuns), index % inputRuns];
    const coefficients = new BigUint64Array(2 * ringDegree);
    const columns = Math.min(block, inputs - run * block);
    const end = Math.min(vectors, count - group * vectors);
    for (let v = 0; v < end; v++) {
      const start = (group * vectors + v) * inputs + run * block;
      for (let i = 0; i < columns; i++)
        writeFixed(coefficients, i + v * block * outputs, values[start + i]!, modelScaleBits);
    }
    return coefficients;
  });
}
