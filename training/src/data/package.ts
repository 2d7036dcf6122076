import { macParts } from '../canonical.js';
import { TrainingError } from '../errors.js';
import { groupsOf } from './batches.js';

import { checkPackageSecret, encodeHead, type PackageHead } from './packageHead.js';
import { shardBlocks, type RowBlock } from './rowBlock.js';
import { templateDigest, type Template } from './template.js';
import type { Shard } from './split.js';

/**
 * A subset's package, checked, and what training needs of its rows: their moments. The rows themselves went by and are not
 * kept. Keep it: what training derives from it is cached under it.
 */
export interface DataPackage {
  /** `sha256:…` of the package's bytes. */
  readonly digest: string;
  /** Digest of the dataset's template. */
  readonly templateDigest: string;
  /** Index of the subset, from 0. */
  readonly subset: number;
  /** How many rows. */
  readonly rows: number;
  /** How many features. */
  readonly features: number;
  /** Of a dataset whose replies are added up: the batch that the subset belongs to. */
  readonly batch?: PackageBatch | undefined;
}

/** A batch of subsets whose replies are added up. */
export interface PackageBatch {
  /** Its subsets, by index. */
  readonly subsets: readonly number[];
  /** Rows of all of them. */
  readonly rows: number;
  /** Rows of the dataset's smallest subset. */
  readonly leastRows: number;
}

/** What {@link encodePackage} needs. */
export interface PackageInput {
  /** The dataset's public facts. */
  readonly template: Template;
  /** The rows of the subset. */
  readonly shard: Shard;
  /** 32 bytes that all replicas of the subset share: it seeds the randomness of their replies. */
  readonly shardSecret: Uint8Array;
  /**
   * 32 bytes of the dataset, the same for all its packages: the secrets that two subsets of a batch share follow from it. Given where
   * the template says `aggregation: 'sum'`, and only there.
   */
  readonly maskSecret?: Uint8Array | undefined;
}

/**
 * The package that every replica of a subset gets: canonical bytes, the same for the same input.
 * @throws TrainingError VT7501 (shard, template and secret do not fit), VT7201
 */
export function encodePackage({ template, shard, ...secrets }: PackageInput): Uint8Array {
  const cells = shard.values.length === shard.rows * shard.features && shard.targets.length === shard.rows;
  if (!cells || shard.features !== template.features) refuseShard(shard.subset);
  const { subset } = shard;
  return joined([...packagePieces({ template, subset, blocks: shardBlocks(shard), ...secrets })]);
}

/** What {@link packagePieces} needs. */
export interface PackagePiecesInput extends Pick<PackageInput, 'shardSecret' | 'maskSecret'> {
  /** The dataset's public facts. */
  readonly template: Template;
  /** Index of the subset, from 0. */
  readonly subset: number;
  /** The subset's rows, standardised, in their order. */
  readonly blocks: Iterable<RowBlock>;
}

/**
 * The bytes of {@link encodePackage}, piece by piece, while the rows come.
 * @throws TrainingError VT7501 (rows, template and secret do not fit), VT7201
 */
export function* packagePieces(input: PackagePiecesInput): Generator<Uint8Array> {
  const { template, subset, blocks, shardSecret } = input;
  const rows = template.subsetRows[subset] ?? refuseShard(subset);
  if (template.privacy !== undefined)
    throw new TrainingError('VT7501', 'no row of a private dataset leaves its owner', { subset });
  const { features, rows: totalRows } = template;
  const digest = templateDigest(template);
  const { batch, pairSeeds } = batchOf(input, digest);
  yield encodeHead({
    header: { schemaVersion: 2, templateDigest: digest, subset, rows, totalRows, features, batch },
    shardSecret,
    pairSeeds,
  });
  let written = 0;
  for (const block of blocks) {
    if (block.cells.length !== block.rows * (features + 1)) refuseShard(subset);
    written += block.rows;
    yield encodeCells(block.cells);
  }
  if (written !== rows) refuseShard(subset);
}

/** What a package says of the batch of its subset, and what only the two hosts of a pair and the data owner know. */
function batchOf(
  { template, subset, maskSecret }: PackagePiecesInput,
  digest: string,
): Pick<PackageHead, 'pairSeeds'> & Pick<PackageHead['header'], 'batch'> {
  if ((template.aggregation === 'sum') !== (maskSecret !== undefined)) {
    const what = 'a mask secret is given where the template says that replies are added up, and only there';
    throw new TrainingError('VT7501', what, { subset });
  }
  if (maskSecret === undefined) return { batch: undefined, pairSeeds: [] };
  checkPackageSecret('mask secret', maskSecret);
  const group = groupsOf(template).find((members) => members.includes(subset)) ?? refuseShard(subset);
  const rows = group.map((member) => template.subsetRows[member] ?? 0);
  return {
    batch: { first: group[0] ?? 0, rows, leastRows: Math.min(...template.subsetRows) },
    pairSeeds: group
      .filter((other) => other !== subset)
      .map((other) => {
        const pair = [Math.min(subset, other), Math.max(subset, other)].map(String);
        return macParts(maskSecret, 'veritrain/pair-seed/1', digest, ...pair);
      }),
  };
}

/** Numbers of a package as its bytes. */
export function encodeCells(cells: Float64Array): Uint8Array {
  const out = new Uint8Array(8 * cells.length);
  const view = new DataView(out.buffer);
  // + 0 turns a negative zero into zero: one number, one encoding.
  for (let index = 0; index < cells.length; index++)
    view.setFloat64(8 * index, (cells[index] ?? 0) + 0, true);
  return out;
}

/** Pieces one behind the other. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    out.set(piece, offset);
    offset += piece.length;
  }
  return out;
}

function refuseShard(subset: number): never {
  throw new TrainingError('VT7501', `shard ${subset} does not belong to the template`, { subset });
}
