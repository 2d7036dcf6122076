import { hashParts } from '../canonical.js';
import { loadCiphertexts, releaseCiphertexts } from '../he/ckks/encryption.js';
import { loadPublicKey, parsePublicKey, type PublicKey } from '../he/ckks/keys.js';
import type { PairMask } from '../he/ckks/masks.js';
import { openScheme, type Scheme } from '../he/ckks/scheme.js';
import type { FactorCiphertext } from '../he/ckks/product.js';
import type { PublicCiphertext } from '../he/ckks/publicEncryption.js';
import { circuitOf, mapCircuitOf, type MapCircuit, type ReadyMap } from '../he/circuits/circuit.js';
import { loadEncryptedMap } from '../he/circuits/product/encryptedMap.js';
import { evaluateProductReply } from '../he/circuits/product/reply.js';
import type { ReplyContext } from '../he/circuits/reply.js';
import type { EncodedSetup } from '../he/circuits/setup.js';
import type { HeBackend, RingArithmetic } from '../he/ring/backend.js';
import type { Residues } from '../he/ring/residues.js';
import type { CoupleContext } from '../messages/frame.js';
import { isSetupWanted } from '../messages/setupFlags.js';
import { inPieces, orStopped, Pace, type WorkOptions } from '../work.js';
import type { HostMap, MessageShape } from '../models/family.js';
import { RecentValues } from './recentValues.js';
import type { ShardNumbers } from './shardNumbers.js';

/** The bytes of a TrainJob. */
export interface EncryptedJob {
  readonly model: Uint8Array;
  readonly heKey: Uint8Array;
  /** Digest of `heKey`. */
  readonly keyDigest: string;
  /** Of the reply's randomness. */
  readonly seed: Uint8Array;
  /** Of the other subsets of a batch; none without one. */
  readonly masks?: readonly PairMask[] | undefined;
}

/** What a backend keeps between replies, behind its handles. */
class ResidentOperands {
  readonly #maps = new WeakMap<HostMap, ReadyMap>();
  /** Maps that are being encoded. These promises never reject. */
  readonly #encoding = new WeakMap<HostMap, Promise<void>>();
  readonly #encryptedMaps = new WeakMap<PublicCiphertext, FactorCiphertext>();
  readonly #setups = new WeakMap<Float64Array, EncodedSetup>();
  readonly #publicKeys = new RecentValues<PublicKey>(4);

  /** Encoded once, whoever asks for it at the same time. Where the first is stopped, the next one begins again. */
  async mapOf(circuit: MapCircuit, scheme: Scheme, map: HostMap, work: WorkOptions): Promise<ReadyMap> {
    for (;;) {
      const known = this.#maps.get(map);
      if (known !== undefined) return known;
      const others = this.#encoding.get(map);
      if (others === undefined) break;
      await orStopped(others, work.signal);
    }
    const encoding = inPieces(circuit.encodeMap(scheme, map), work).then((encoded) => {
      this.#maps.set(map, encoded);
      return encoded;
    });
    const settled = (): void => void this.#encoding.delete(map);
    this.#encoding.set(map, encoding.then(settled, settled));
    return encoding;
  }

  encryptedMapOf(scheme: Scheme, map: PublicCiphertext): FactorCiphertext {
    const loaded = this.#encryptedMaps.get(map) ?? loadEncryptedMap(scheme, map);
    this.#encryptedMaps.set(map, loaded);
    return loaded;
  }

  setupOf(circuit: MapCircuit, scheme: Scheme, numbers: Float64Array): EncodedSetup {
    const encoded = this.#setups.get(numbers) ?? circuit.encodeSetup(scheme, numbers);
    this.#setups.set(numbers, encoded);
    return encoded;
  }

  publicKeyOf(
    scheme: Scheme,
    parsed: Residues,
    { keyDigest }: EncryptedJob,
    { channel, chaincode, couple }: CoupleContext,
  ): PublicKey {
    const name = hashParts('veritrain/key-cache/1', keyDigest, channel, chaincode, couple);
    return this.#publicKeys.get(Buffer.from(name).toString('hex'), () =>
      loadPublicKey(scheme, parsed, { channel, chaincode, couple }),
    );
  }
}

const residents = new WeakMap<RingArithmetic, ResidentOperands>();

function residentsOf(ring: RingArithmetic): ResidentOperands {
  const known = residents.get(ring) ?? new ResidentOperands();
  residents.set(ring, known);
  return known;
}

/**
 * A host's reply under encryption. Model and key are checked before anything costly is loaded or computed.
 * @throws TrainingError VT7401 to VT7410, VT7511
 */
export async function replyEncrypted(
  backend: HeBackend,
  numbersOf: () => ShardNumbers,
  job: EncryptedJob,
  reply: ReplyContext & MessageShape,
  work: WorkOptions = {},
): Promise<Uint8Array> {
  const circuit = mapCircuitOf(reply);
  const { parameters } = circuit;
  const parsed = circuit.parseQuery(job.model, reply);
  const parsedKey = parsePublicKey(parameters, job.heKey, reply);
  const scheme = await openScheme(parameters, backend);
  const resident = residentsOf(scheme.ring);
  const publicKey = resident.publicKeyOf(scheme, parsedKey, job, reply);
  const withSetup = parsed.setupFlags.length > 0 && isSetupWanted(parsed.setupFlags, reply.subset);
  const numbers = numbersOf();
  const map = await resident.mapOf(circuit, scheme, numbers.map, work);
  const setup = withSetup ? resident.setupOf(circuit, scheme, numbers.setup) : undefined;
  const query = loadCiphertexts(scheme, parsed.ciphertexts, reply);
  try {
    const { seed, masks } = job;
    return await map.evaluate({ query, publicKey, seed, setup, masks, pace: new Pace(work) }, reply);
  } finally {
    releaseCiphertexts(query);
  }
}

/**
 * Loads the encryption, and makes of a shard's numbers what replies need: the map that all need, and the set-up that the first
 * one sends. @throws TrainingError VT7410, VT7511
 */
export async function prepareEncrypted(
  backend: HeBackend,
  numbersOf: () => ShardNumbers,
  shape: MessageShape,
  work: WorkOptions,
): Promise<void> {
  const circuit = mapCircuitOf(shape);
  const scheme = await openScheme(circuit.parameters, backend);
  const resident = residentsOf(scheme.ring);
  const { map, setup } = numbersOf();
  await resident.mapOf(circuit, scheme, map, work);
  if (shape.setup > 0) resident.setupOf(circuit, scheme, setup);
}

/** Loads the encryption for a host that has its map encrypted only. @throws TrainingError VT7410 */
export async function prepareEncryptedData(backend: HeBackend, shape: MessageShape): Promise<void> {
  await openScheme(circuitOf(shape).parameters, backend);
}

/**
 * The same of a host that has its map encrypted only.
 * @throws TrainingError VT7401 to VT7410
 */
export async function replyToEncryptedMap(
  backend: HeBackend,
  map: PublicCiphertext,
  job: EncryptedJob,
  reply: ReplyContext & MessageShape,
): Promise<Uint8Array> {
  const circuit = circuitOf(reply);
  const { ciphertexts } = circuit.parseQuery(job.model, reply);
  const parsedKey = parsePublicKey(circuit.parameters, job.heKey, reply);
  const scheme = await openScheme(circuit.parameters, backend);
  const resident = residentsOf(scheme.ring);
  const publicKey = resident.publicKeyOf(scheme, parsedKey, job, reply);
  const loaded = loadCiphertexts(scheme, ciphertexts, reply);
  try {
    const [query] = loaded;
    if (query === undefined) throw new RangeError('a query is one ciphertext');
    const input = { map: resident.encryptedMapOf(scheme, map), query, publicKey, seed: job.seed };
    return await evaluateProductReply(scheme, input, reply);
  } finally {
    releaseCiphertexts(loaded);
  }
}
