import { z } from 'zod';
import { canonicalJson } from '../canonical.js';
import { TrainingError } from '../errors.js';
import { MAX_BATCH, MIN_BATCH } from './batches.js';
import { MAX_COLUMNS, MAX_PACKAGE_CELLS, MAX_ROWS, SHARD_SECRET_BYTES } from './limits.js';

// Layout: magic (8) ‖ u32 LE header length ‖ header (canonical JSON) ‖ shard secret (32) ‖ where the header has a batch, a seed (32)
// for each other subset of it ‖ zero to a multiple of 8 ‖ rows, one behind the other: features, then target (Float64 LE). A row is
// whole before the next begins, so that a package can be trained on while it streams by; format 1 had all targets at the end. A
// package of a private dataset has the numbers of `momentList` in place of rows.
const MAGIC = Buffer.from('VTPKG\0\0\u0002', 'latin1');
const PREFIX_BYTES = MAGIC.length + 4;
/** Longer ones are no headers: six short fields. */
const MAX_HEADER_BYTES = 1024;

const rows = z.number().int().min(1).max(MAX_ROWS);

const headerSchema = z.strictObject({
  schemaVersion: z.literal(2),
  templateDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  subset: z.number().int().min(0),
  rows,
  totalRows: rows,
  features: z.number().int().min(1).max(MAX_COLUMNS),
  /** What stands in place of the rows; absent where the rows do. */
  content: z.literal('secondMoments').optional(),
  /** Of a dataset whose replies are added up. */
  batch: z
    .strictObject({
      /** First subset of the batch. */
      first: z.number().int().min(0),
      /** Rows of each of its subsets. */
      rows: z.array(rows).min(MIN_BATCH).max(MAX_BATCH),
      /** Rows of the dataset's smallest subset. */
      leastRows: rows,
    })
    .optional(),
});

/** What a package says of itself. */
type PackageHeader = z.infer<typeof headerSchema>;

/** All of a package that stands before its rows. */
export interface PackageHead {
  readonly header: PackageHeader;
  readonly shardSecret: Uint8Array;
  /** Of a batch: the secret shared with each other subset of it, in the order of their indices. Empty without one. */
  readonly pairSeeds: readonly Uint8Array[];
  /** Where the rows begin. */
  readonly bytes: number;
}

/** Bytes of the largest package there can be. */
export const MAX_PACKAGE_BYTES = dataOffset(MAX_HEADER_BYTES, MAX_BATCH) + 8 * MAX_PACKAGE_CELLS;

/** The bytes before the rows. @throws TrainingError VT7501 for a shard secret of another length */
export function encodeHead({ header, shardSecret, pairSeeds }: Omit<PackageHead, 'bytes'>): Uint8Array {
  checkPackageSecret('shard secret', shardSecret);
  const text = Buffer.from(canonicalJson(header), 'utf8');
  const secrets = Buffer.concat([shardSecret, ...pairSeeds]);
  const out = Buffer.alloc(dataOffset(text.length, secrets.length / SHARD_SECRET_BYTES));
  MAGIC.copy(out);
  out.writeUInt32LE(text.length, MAGIC.length);
  text.copy(out, PREFIX_BYTES);
  out.set(secrets, PREFIX_BYTES + text.length);
  return out;
}

/** @throws TrainingError VT7501 for a secret of another length */
export function checkPackageSecret(name: string, secret: Uint8Array): void {
  if (secret.length === SHARD_SECRET_BYTES) return;
  const what = `the ${name} must have ${SHARD_SECRET_BYTES} bytes`;
  throw new TrainingError('VT7501', what, { bytes: secret.length });
}

/** The head of a package that begins with these bytes; undefined while there are too few. @throws TrainingError VT7202 */
export function readHead(start: Uint8Array): PackageHead | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.length);
  const known = Math.min(MAGIC.length, bytes.length);
  if (Buffer.compare(bytes.subarray(0, known), MAGIC.subarray(0, known)) !== 0) {
    refusePackage('it is no package of this format');
  }
  if (bytes.length < PREFIX_BYTES) return undefined;
  const headerLength = bytes.readUInt32LE(MAGIC.length);
  if (headerLength > MAX_HEADER_BYTES) refusePackage('its header cannot be read');
  const headerEnd = PREFIX_BYTES + headerLength;
  if (bytes.length < headerEnd) return undefined;
  const header = readHeader(bytes.toString('utf8', PREFIX_BYTES, headerEnd));
  // The shard secret, and a seed for each other subset of the batch.
  const secretCount = header.batch?.rows.length ?? 1;
  const headBytes = dataOffset(headerLength, secretCount);
  if (bytes.length < headBytes) return undefined;
  const secretEnd = headerEnd + secretCount * SHARD_SECRET_BYTES;
  if (bytes.subarray(secretEnd, headBytes).some((byte) => byte !== 0))
    refusePackage('its padding is not zero');
  const [shardSecret = new Uint8Array(0), ...pairSeeds] = Array.from({ length: secretCount }, (_, place) =>
    Uint8Array.from(bytes.subarray(headerEnd + place * SHARD_SECRET_BYTES).subarray(0, SHARD_SECRET_BYTES)),
  );
  return { header, shardSecret, pairSeeds, bytes: headBytes };
}

function readHeader(text: string): PackageHeader {
  const parsed = headerSchema.safeParse(parseJson(text));
  if (!parsed.success) return refusePackage('its header cannot be read');
  if (canonicalJson(parsed.data) !== text) refusePackage('its header is not in canonical form');
  if (!isInItsBatch(parsed.data)) refusePackage('it names a batch that it does not belong to');
  const { rows: count, features } = parsed.data;
  if (count * (features + 1) > MAX_PACKAGE_CELLS)
    refusePackage('it has more numbers than a package may have');
  return parsed.data;
}

function isInItsBatch({ subset, rows: own, totalRows, batch }: PackageHeader): boolean {
  if (batch === undefined) return true;
  const sum = batch.rows.reduce((sofar, count) => sofar + count, 0);
  const isOwn = batch.rows[subset - batch.first] === own;
  return isOwn && sum <= totalRows && batch.leastRows <= Math.min(...batch.rows);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function dataOffset(headerLength: number, secretCount: number): number {
  return Math.ceil((PREFIX_BYTES + headerLength + secretCount * SHARD_SECRET_BYTES) / 8) * 8;
}

/** @throws TrainingError VT7202 */
export function refusePackage(why: string, facts: Record<string, number> = {}): never {
  throw new TrainingError('VT7202', `the package is refused: ${why}`, facts);
}
