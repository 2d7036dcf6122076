import { digestOf, hashParts, macParts } from '../canonical.js';
import type { DataPackage } from '../data/package.js';
import { encodeMap, type EncodedMap } from '../he/hostMap.js';
import { readPublicKey, type PublicKey } from '../he/keys.js';
import { readModel } from '../he/modelCiphertext.js';
import { linearParameters } from '../he/parameters.js';
import { loadEncoder } from '../he/seal.js';
import { evaluateUpdate } from '../he/update.js';
import type { CoupleContext } from '../messages/frame.js';
import { applyMap } from '../models/applyMap.js';
import type { HostMap } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import { parseProgram, programDigest, type TrainingProgram } from '../program.js';
import { checkAttempt, checkContext } from './checks.js';
import { momentsOf, packageContent } from './openedPackage.js';
import { checkPlainKey, readPlainModel, writePlainUpdate } from './plainCodec.js';
import { RecentValues } from './recentValues.js';

/** What a host needs for one TrainJob. */
export interface TrainJobInput extends CoupleContext {
  /** From `openPackage` or `readPackage`. */
  readonly package: DataPackage;
  /** What the couple agreed to run. */
  readonly program: TrainingProgram;
  /** The model that the round pins, byte for byte. */
  readonly model: Uint8Array;
  /** The key message that the request pins, byte for byte. */
  readonly heKey: Uint8Array;
  /** The attempt, from 1. */
  readonly attempt: number;
}

const maps = new WeakMap<DataPackage, RecentValues<HostMap>>();
const encodedMaps = new WeakMap<HostMap, EncodedMap>();
const publicKeys = new RecentValues<PublicKey>(4);

/**
 * Trains on a shard: the update's bytes. Replicas of a subset, given the same input, make the same bytes: all
 * randomness follows from the shard secret, which is in their package, and from every byte of the input.
 * @throws TrainingError VT7301, VT7401 to VT7411, VT7501; malformed input is refused before it is computed on. Nothing is
 * refused for what the rows are: a host's refusal is public
 */
export async function trainOnShard(input: TrainJobInput): Promise<Uint8Array> {
  const program = parseProgram(input.program);
  checkContext(input);
  checkAttempt(input.attempt);
  momentsOf(input.package, program.family);
  return program.protection === 'plain' ? trainPlain(input, program) : trainEncrypted(input, program);
}

function trainPlain(input: TrainJobInput, program: TrainingProgram): Uint8Array {
  const { attempt } = input;
  const { features, subset } = input.package;
  const context = { ...coupleOf(input), features };
  checkPlainKey(input.heKey, context);
  const weights = readPlainModel(input.model, context, attempt);
  return writePlainUpdate(applyMap(mapOf(input.package, program), weights), context, attempt, subset);
}

async function trainEncrypted(input: TrainJobInput, program: TrainingProgram): Promise<Uint8Array> {
  const { features, subset } = input.package;
  const context = { ...coupleOf(input), attempt: input.attempt, features, subset };
  const model = readModel(linearParameters, input.model, context);
  const keyDigest = digestOf(input.heKey);
  const publicKey = publicKeyOf(input, keyDigest);
  const encode = await loadEncoder(linearParameters);
  const plain = mapOf(input.package, program);
  const map = encodedMaps.get(plain) ?? encodeMap(linearParameters, plain, encode);
  encodedMaps.set(plain, map);
  return evaluateUpdate(
    linearParameters,
    { map, model, publicKey, seed: replySeed(input, program, keyDigest) },
    context,
  );
}

/**
 * Seed of a reply's randomness. Every byte of the input is in it: a round replayed with another model or key gets
 * other randomness, so that nothing cancels between two replies.
 */
function replySeed(input: TrainJobInput, program: TrainingProgram, keyDigest: string): Uint8Array {
  const inputs = hashParts(
    'veritrain/reply-input/1',
    input.package.digest,
    programDigest(program),
    keyDigest,
    digestOf(input.model),
  );
  const { channel, chaincode, couple, attempt } = input;
  const { shardSecret } = packageContent(input.package);
  return macParts(shardSecret, 'veritrain/reply/1', inputs, channel, chaincode, couple, String(attempt));
}

function mapOf(opened: DataPackage, program: TrainingProgram): HostMap {
  const byProgram = maps.get(opened) ?? new RecentValues<HostMap>(4);
  maps.set(opened, byProgram);
  const { totalRows } = packageContent(opened);
  const { features, rows } = opened;
  const moments = momentsOf(opened, program.family);
  return byProgram.get(programDigest(program), () =>
    familyOf(program.family).hostMap(moments, program.head, { features, rows, totalRows }),
  );
}

function publicKeyOf(input: TrainJobInput, keyDigest: string): PublicKey {
  const context = coupleOf(input);
  const name = hashParts(
    'veritrain/key-cache/1',
    keyDigest,
    context.channel,
    context.chaincode,
    context.couple,
  );
  return publicKeys.get(Buffer.from(name).toString('hex'), () =>
    readPublicKey(linearParameters, input.heKey, context),
  );
}

function coupleOf({ channel, chaincode, couple }: CoupleContext): CoupleContext {
  return { channel, chaincode, couple };
}
