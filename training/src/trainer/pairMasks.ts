import { hashParts, macParts } from '../canonical.js';
import type { DataPackage } from '../data/package.js';
import type { PairMask } from '../he/ckks/masks.js';
import type { CoupleContext } from '../messages/frame.js';
import { packageContent } from './openedPackage.js';

/** What both hosts of a pair see alike of a job. */
export interface SharedInput extends CoupleContext {
  readonly package: DataPackage;
  /** Of the program. */
  readonly programDigest: string;
  /** Of the public key; empty in clear. */
  readonly keyDigest: string;
  /** Of the model. */
  readonly modelDigest: string;
  readonly attempt: number;
}

/**
 * The masks of a job: one for each other subset of the batch, added by the lower one of two and taken off by the higher. Every byte of
 * the input that both see is in their seeds: a round replayed with another model gets unrelated masks, so that nothing cancels
 * between rounds. None without a batch.
 */
export function pairMasksOf(job: SharedInput): PairMask[] {
  const { subset, batch, templateDigest } = job.package;
  if (batch === undefined) return [];
  const { channel, chaincode, couple, attempt } = job;
  const inputs = hashParts(
    'veritrain/mask-input/1',
    templateDigest,
    job.programDigest,
    job.keyDigest,
    job.modelDigest,
  );
  const names = [inputs, channel, chaincode, couple, String(attempt)];
  const others = batch.subsets.filter((other) => other !== subset);
  return packageContent(job.package).pairSeeds.map((pairSeed, place) => ({
    seed: macParts(pairSeed, 'veritrain/pair-mask/1', ...names),
    isNegative: (others[place] ?? 0) < subset,
  }));
}
