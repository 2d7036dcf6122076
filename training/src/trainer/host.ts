import { digestOf, hashParts, macParts } from '../canonical.js';
import type { DataPackage } from '../data/package.js';
import type { PairMask } from '../he/ckks/masks.js';
import type { HeBackend } from '../he/ring/backend.js';
import type { CoupleContext } from '../messages/frame.js';
import { isSetupWanted } from '../messages/setupFlags.js';
import { applyImaginary, applyMap } from '../models/applyMap.js';
import { parseProgram, programDigest, type TrainingProgram } from '../program.js';
import { throwIfStopped, type WorkOptions } from '../work.js';
import { checkAttempt, checkContext } from './checks.js';
import { defaultBackend } from './defaultBackend.js';
import {
  prepareEncrypted,
  prepareEncryptedData,
  replyEncrypted,
  replyToEncryptedMap,
} from './encryptedHost.js';
import { encryptedContent } from './encryptedPackage.js';
import { messageShape } from './messageShape.js';
import { momentsOf, packageContent } from './openedPackage.js';
import { pairMasksOf } from './pairMasks.js';
import { checkPlainKey, readPlainModel, writePlainUpdate } from './plainCodec.js';
import { shardNumbers, type ShardNumbers } from './shardNumbers.js';

/** What a host needs for one TrainJob. */
export interface TrainJobInput extends CoupleContext, WorkOptions {
  /** From `openPackage` or `readPackage`; from `openEncryptedPackage` where the program's data is encrypted. */
  readonly package: DataPackage;
  /** What the couple agreed to run. */
  readonly program: TrainingProgram;
  /** The model that the round pins, byte for byte. */
  readonly model: Uint8Array;
  /** The key message that the request pins, byte for byte. */
  readonly heKey: Uint8Array;
  /** The attempt, from 1. */
  readonly attempt: number;
  /** What computes encrypted replies. Default: WebAssembly, one for all calls. Every backend gives the same bytes. */
  readonly backend?: HeBackend | undefined;
}

/**
 * Trains on a shard: the update's bytes. Replicas of a subset, given the same input, make the same bytes: all
 * randomness follows from the shard secret, which is in their package, and from every byte of the input. Where the package names a
 * batch, the update is masked: it says nothing but in the sum over the batch's subsets, where masks cancel.
 *
 * The first reply of a wide map takes a second at 1,024 features, since it encodes the map ({@link prepareShard}); all others take
 * milliseconds. It can be stopped: what was encoded by then is given back.
 * @throws TrainingError VT7301, VT7302, VT7401 to VT7411, VT7501, VT7511; malformed input is refused before it is computed on. Nothing is
 * refused for what the rows are: a host's refusal is public
 */
export async function trainOnShard(input: TrainJobInput): Promise<Uint8Array> {
  throwIfStopped(input.signal);
  const program = parseProgram(input.program);
  checkContext(input);
  checkAttempt(input.attempt);
  if (program.data === 'encrypted') return trainOnEncryptedData(input, program);
  momentsOf(input.package, program);
  return program.protection === 'plain' ? trainPlain(input, program) : trainEncrypted(input, program);
}

/** What of a TrainJob is known before its round. */
export interface PrepareShardInput
  extends WorkOptions, Pick<TrainJobInput, 'package' | 'program' | 'backend'> {}

/**
 * Makes what the replies of a shard need, so that the first one waits for none of it: loads the encryption, and computes and encodes
 * the shard's map and its set-up. It may be left out, repeated and stopped, and changes no byte of a reply. Keep the package: it
 * holds what was made.
 * @throws TrainingError VT7301, VT7302, VT7410, VT7501, VT7511
 */
export async function prepareShard({ package: opened, backend, ...input }: PrepareShardInput): Promise<void> {
  throwIfStopped(input.signal);
  const program = parseProgram(input.program);
  const shape = messageShape(program, opened.features);
  const { data, protection } = program;
  if (data === 'encrypted') return prepareEncryptedData(backend ?? defaultBackend(), shape);
  const numbersOf = (): ShardNumbers => shardNumbers(opened, program, shape);
  if (protection === 'plain') numbersOf();
  else await prepareEncrypted(backend ?? defaultBackend(), numbersOf, shape, input);
}

function trainPlain(input: TrainJobInput, program: TrainingProgram): Uint8Array {
  const { attempt } = input;
  const { features, subset } = input.package;
  const shape = messageShape(program, features);
  const context = { ...coupleOf(input), features };
  checkPlainKey(input.heKey, context);
  const { query, setupFlags } = readPlainModel(input.model, context, shape, attempt);
  const { map, setup } = shardNumbers(input.package, program, shape);
  const reply = {
    values: applyMap(map, query),
    imaginary: applyImaginary(map, query),
    setup: shape.setup > 0 && isSetupWanted(setupFlags, subset) ? setup : new Float64Array(0),
  };
  const masks = masksOf(input, program, '');
  return writePlainUpdate(reply, context, { attempt, subset }, input.package.batch && masks);
}

function trainEncrypted(input: TrainJobInput, program: TrainingProgram): Promise<Uint8Array> {
  const { model, heKey, attempt, backend = defaultBackend() } = input;
  const { features, subset } = input.package;
  const shape = messageShape(program, features);
  const keyDigest = digestOf(heKey);
  const { shardSecret } = packageContent(input.package);
  return replyEncrypted(
    backend,
    () => shardNumbers(input.package, program, shape),
    {
      model,
      heKey,
      keyDigest,
      seed: replySeed(input, program, keyDigest, shardSecret),
      masks: masksOf(input, program, keyDigest),
    },
    { ...coupleOf(input), attempt, features, subset, ...shape },
    input,
  );
}

function trainOnEncryptedData(input: TrainJobInput, program: TrainingProgram): Promise<Uint8Array> {
  const { model, heKey, attempt, backend = defaultBackend() } = input;
  const { features, subset } = input.package;
  const { map, replySecret } = encryptedContent(input.package, { program, heKey });
  const keyDigest = digestOf(heKey);
  return replyToEncryptedMap(
    backend,
    map,
    { model, heKey, keyDigest, seed: replySeed(input, program, keyDigest, replySecret) },
    { ...coupleOf(input), attempt, features, subset, ...messageShape(program, features) },
  );
}

/**
 * Seed of a reply's randomness. Every byte of the input is in it: a round replayed with another model or key gets
 * other randomness, so that nothing cancels between two replies.
 */
function replySeed(
  input: TrainJobInput,
  program: TrainingProgram,
  keyDigest: string,
  secret: Uint8Array,
): Uint8Array {
  const inputs = hashParts(
    'veritrain/reply-input/1',
    input.package.digest,
    programDigest(program),
    keyDigest,
    digestOf(input.model),
  );
  const { channel, chaincode, couple, attempt } = input;
  return macParts(secret, 'veritrain/reply/1', inputs, channel, chaincode, couple, String(attempt));
}

function masksOf(input: TrainJobInput, program: TrainingProgram, keyDigest: string): PairMask[] {
  const { package: opened, attempt, model } = input;
  const digests = { programDigest: programDigest(program), keyDigest, modelDigest: digestOf(model) };
  return pairMasksOf({ ...coupleOf(input), package: opened, ...digests, attempt });
}

function coupleOf({ channel, chaincode, couple }: CoupleContext): CoupleContext {
  return { channel, chaincode, couple };
}
