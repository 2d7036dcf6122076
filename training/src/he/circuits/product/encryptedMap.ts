import { hashParts, macParts } from '../../../canonical.js';
import type { HostMap } from '../../../models/family.js';
import { coupleHash, type CoupleContext, type FrameHeader } from '../../../messages/frame.js';
import type { PublicKey } from '../../ckks/keys.js';
import { parametersHash, productParameters as parameters } from '../../ckks/parameters.js';
import { factorCiphertext, type FactorCiphertext } from '../../ckks/product.js';
import { encryptUnderPublicKey, type PublicCiphertext } from '../../ckks/publicEncryption.js';
import type { Scheme } from '../../ckks/scheme.js';
import { bytesOf, readAllResidues } from '../../ring/residues.js';
import { withScope } from '../../ring/scope.js';
import { matrixCoefficients } from '../coefficients/map.js';
import { checkMap } from '../hostMap.js';
import { productLayout, withOffsetColumn } from './layout.js';

/** Bytes of an encrypted map. */
export const ENCRYPTED_MAP_BYTES = 2 * 8 * parameters.ringDegree * parameters.primes.length;

type Ring = Pick<Scheme, 'parameters' | 'ring'>;

/** The header of a message that carries an encrypted map of a subset. */
export function encryptedMapHeader(
  couple: CoupleContext,
  { features, subset }: { readonly features: number; readonly subset: number },
): FrameHeader {
  return {
    kind: 'encryptedPackage',
    features,
    ringDegree: parameters.ringDegree,
    primes: parameters.primes.length,
    scaleBits: parameters.matrixScaleBits,
    attempt: 0,
    subset,
    parameters: parametersHash(parameters),
    couple: coupleHash(couple),
  };
}

/**
 * Data owner: a map, encrypted under the model owner's key. One ciphertext holds the matrix and, as its last column, the offset.
 * @param secret of the data owner alone: a host that knew it could make the randomness again, and subtract it
 * @throws TrainingError VT7501 for a map of other sizes than it says, or with something else than finite numbers
 */
export function encryptMap(
  scheme: Ring,
  publicKey: PublicKey,
  secret: Uint8Array,
  names: readonly string[],
  map: HostMap,
): Promise<PublicCiphertext> {
  checkMap(map);
  const { ring } = scheme;
  const layout = productLayout(parameters, map);
  const place = { outputRun: 0, inputRun: 0 };
  const coefficients = matrixCoefficients(parameters, layout, withOffsetColumn(map), place);
  // No two plaintexts, and no two keys, ever share randomness.
  const plaintext = hashParts('veritrain/map-plaintext/1', new Uint8Array(coefficients.buffer));
  const seed = macParts(
    secret,
    'veritrain/map-encryption/1',
    parametersHash(parameters),
    ...names,
    plaintext,
  );
  return withScope((hold) => {
    const [message] = hold(ring.transformWide([coefficients]));
    return encryptUnderPublicKey(scheme, publicKey, seed, message);
  });
}

/** What is sent of an encrypted map. */
export function encryptedMapBody({ first, second }: PublicCiphertext): readonly Uint8Array[] {
  return [bytesOf(first), bytesOf(second)];
}

/** Host: takes an encrypted map out of a message. @throws TrainingError VT7407 */
export function parseEncryptedMap(bytes: Uint8Array): PublicCiphertext {
  const [first, second] = readAllResidues(bytes, parameters, 2);
  if (first === undefined || second === undefined) throw new RangeError('a ciphertext has two parts');
  return { first, second };
}

/** Host: an encrypted map, once for all rounds, ready to multiply with. */
export function loadEncryptedMap({ ring }: Ring, { first, second }: PublicCiphertext): FactorCiphertext {
  const [a, b] = ring.load([first, second]);
  const loaded = factorCiphertext(ring, { first: a, second: b });
  a.release();
  b.release();
  return loaded;
}
