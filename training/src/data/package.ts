import { TrainingError } from '../errors.js';
import { SHARD_SECRET_BYTES } from './limits.js';
import { encodeHead } from './packageHead.js';
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
}

/** What {@link encodePackage} needs. */
export interface PackageInput {
  /** The dataset's public facts. */
  readonly template: Template;
  /** The rows of the subset. */
  readonly shard: Shard;
  /** 32 bytes that all replicas of the subset share: it seeds the randomness of their replies. */
  readonly shardSecret: Uint8Array;
}

/**
 * The package that every replica of a subset gets: canonical bytes, the same for the same input.
 * @throws TrainingError VT7501 (shard, template and secret do not fit), VT7201
 */
export function encodePackage({ template, shard, shardSecret }: PackageInput): Uint8Array {
  const cells = shard.values.length === shard.rows * shard.features && shard.targets.length === shard.rows;
  if (!cells || shard.features !== template.features) refuseShard(shard.subset);
  const { subset } = shard;
  return joined([...packagePieces({ template, subset, blocks: shardBlocks(shard), shardSecret })]);
}

/** What {@link packagePieces} needs. */
export interface PackagePiecesInput {
  /** The dataset's public facts. */
  readonly template: Template;
  /** Index of the subset, from 0. */
  readonly subset: number;
  /** The subset's rows, standardised, in their order. */
  readonly blocks: Iterable<RowBlock>;
  /** As in {@link PackageInput}. */
  readonly shardSecret: Uint8Array;
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
  if (shardSecret.length !== SHARD_SECRET_BYTES) {
    const what = `the shard secret must have ${SHARD_SECRET_BYTES} bytes`;
    throw new TrainingError('VT7501', what, { bytes: shardSecret.length });
  }
  const { features, rows: totalRows } = template;
  const digest = templateDigest(template);
  yield encodeHead(
    { schemaVersion: 2, templateDigest: digest, subset, rows, totalRows, features },
    shardSecret,
  );
  let written = 0;
  for (const block of blocks) {
    if (block.cells.length !== block.rows * (features + 1)) refuseShard(subset);
    written += block.rows;
    yield encodeCells(block.cells);
  }
  if (written !== rows) refuseShard(subset);
}

function encodeCells(cells: Float64Array): Uint8Array {
  const out = new Uint8Array(8 * cells.length);
  const view = new DataView(out.buffer);
  // + 0 turns a negative zero into zero: one number, one encoding.
  for (let index = 0; index < cells.length; index++)
    view.setFloat64(8 * index, (cells[index] ?? 0) + 0, true);
  return out;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
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
