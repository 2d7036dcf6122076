import { TrainingError } from '../../errors.js';
import type { Residues } from '../ring/residues.js';
import { parametersHash, type CkksParameters } from './parameters.js';

/** Encodes N/2 real slot values, or fewer, as a transformed plaintext polynomial over the ciphertexts' primes. */
export type Encode = (slots: Float64Array, scaleBits: number) => Residues;

/** Bytes before the residues in SEAL's uncompressed plaintext. */
const PLAINTEXT_PREFIX_BYTES = 88;

const encoders = new Map<string, Promise<Encode>>();

/**
 * Microsoft SEAL's encoder (node-seal, WebAssembly), loaded on first use: programs in clear never load it. SEAL also
 * checks the parameter set: its chain of primes and 128-bit security.
 * @throws TrainingError VT7410
 */
export function loadEncoder(parameters: CkksParameters): Promise<Encode> {
  const key = Buffer.from(parametersHash(parameters)).toString('hex');
  const known = encoders.get(key);
  if (known !== undefined) return known;
  const loading = makeEncoder(parameters).catch((cause: unknown) => {
    encoders.delete(key); // what failed once, for want of memory say, may be tried again
    if (cause instanceof TrainingError) throw cause;
    // An older Node says only that some type of WebAssembly is invalid.
    const { node } = process.versions;
    throw new TrainingError('VT7410', `node-seal cannot be loaded by Node ${node}`, { node }, cause);
  });
  encoders.set(key, loading);
  return loading;
}

async function makeEncoder(parameters: CkksParameters): Promise<Encode> {
  const { ringDegree, primes, keyPrimes } = parameters;
  const { default: loadSeal } = await import('node-seal');
  const seal = await loadSeal();
  const chain = [...primes, ...keyPrimes];
  const modulus = seal.CoeffModulus.Create(
    ringDegree,
    Int32Array.from(chain, (prime) => prime.toString(2).length),
  );
  const made = Array.from({ length: modulus.size() }, (_, index) => modulus.get(index)?.value());
  if (made.join() !== chain.join()) refuse(`SEAL's primes for ${parameters.name} are not the expected ones`);
  const settings = new seal.EncryptionParameters(seal.SchemeType.ckks);
  settings.setPolyModulusDegree(ringDegree);
  settings.setCoeffModulus(modulus);
  // Without the levels below the ciphertexts' own, which no encoding uses: SEAL searches roots of unity for each.
  const context = new seal.SEALContext(settings, false, seal.SecLevelType.tc128);
  if (!context.parametersSet()) refuse(`SEAL refuses ${parameters.name} at 128-bit security`);
  const encoder = new seal.CKKSEncoder(context);
  return (slots, scaleBits) => {
    const plaintext = new seal.Plaintext();
    try {
      encoder.encode(slots, 2 ** scaleBits, plaintext);
      const bytes: unknown = plaintext.saveToArray(seal.ComprModeType.none);
      return residuesIn(bytes, primes.length * ringDegree);
    } finally {
      plaintext.delete();
    }
  };
}

function residuesIn(bytes: unknown, count: number): Residues {
  if (!(bytes instanceof Uint8Array) || bytes.length !== PLAINTEXT_PREFIX_BYTES + 8 * count)
    refuse('SEAL wrote a plaintext of unknown layout');
  return new BigUint64Array(bytes.slice(PLAINTEXT_PREFIX_BYTES).buffer);
}

function refuse(what: string): never {
  throw new TrainingError('VT7410', what);
}
