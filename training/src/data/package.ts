import { TrainingError } from '../errors.js';
import { GramSums, type Gram } from '../linear/gram.js';
import { SHARD_SECRET_BYTES } from './limits.js';
import { encodeHead, refusePackage } from './packageHead.js';
import { PackageReader, type WholePackage } from './packageReader.js';
import { shardBlocks, type RowBlock } from './rowBlock.js';
import { templateDigest, type Template } from './template.js';
import type { Shard } from './split.js';

/**
 * A subset's package, checked, and what training needs of its rows: their second moments. The rows themselves went by
 * and are not kept. Keep it: what training derives from it is cached under it.
 */
export interface DataPackage {
  /** `sha256:…` of the package's bytes. */
  readonly digest: string;
  readonly templateDigest: string;
  readonly subset: number;
  readonly rows: number;
  readonly features: number;
}

/** What only this package's own code sees of a {@link DataPackage}. */
interface PackageContent {
  readonly gram: Gram;
  readonly shardSecret: Uint8Array;
  /** Of the whole table. */
  readonly totalRows: number;
}

// Kept beside the package, not in it: printing or serialising a DataPackage shows no moment of rows and no secret.
const contents = new WeakMap<DataPackage, PackageContent>();

/** What {@link encodePackage} needs. */
export interface PackageInput {
  readonly template: Template;
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
  readonly template: Template;
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

/**
 * Reads and checks a package that lies in memory: its form, its header, its length to the byte, and every number.
 * @throws TrainingError VT7202
 */
export function openPackage(bytes: Uint8Array): DataPackage {
  const sums = new GramSums();
  const reader = new PackageReader(sums);
  reader.push(bytes);
  return keep(reader.end(), sums);
}

/**
 * The same from a stream, with memory that does not depend on the number of rows. However the stream is cut, the package
 * that comes out is the same to the last bit.
 * @param digest what all bytes must hash to, `sha256:…`; anything else is refused once they were read
 * @throws TrainingError VT7202; whatever the stream throws
 */
export async function readPackage(
  pieces: AsyncIterable<Uint8Array>,
  { digest }: { digest?: string } = {},
): Promise<DataPackage> {
  const sums = new GramSums();
  const reader = new PackageReader(sums);
  for await (const piece of pieces) reader.push(piece);
  const whole = reader.end();
  if (digest !== undefined && whole.digest !== digest) {
    throw new TrainingError('VT7202', 'the package is refused: its digest is another', {
      promised: digest,
      found: whole.digest,
    });
  }
  return keep(whole, sums);
}

/** The moments and the secret of a package that was opened here. @throws TrainingError VT7501 */
export function packageContent(opened: DataPackage): PackageContent {
  const content = contents.get(opened);
  if (content === undefined) throw new TrainingError('VT7501', 'the package does not come from openPackage');
  return content;
}

function keep({ digest, header, shardSecret }: WholePackage, sums: GramSums): DataPackage {
  const { subset, rows, totalRows, features, templateDigest } = header;
  // Standardised columns have squares that sum to the table's rows; a little more for rounding.
  if (sums.largestSquares() > totalRows * (1 + 1e-6))
    refusePackage('it holds a column that no standardised table can hold');
  const opened: DataPackage = Object.freeze({ digest, templateDigest, subset, rows, features });
  contents.set(opened, { gram: sums.gram(), shardSecret, totalRows });
  return opened;
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
