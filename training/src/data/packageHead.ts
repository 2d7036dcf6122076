import { z } from 'zod';
import { canonicalJson } from '../canonical.js';
import { TrainingError } from '../errors.js';
import { MAX_COLUMNS, MAX_PACKAGE_CELLS, MAX_ROWS, SHARD_SECRET_BYTES } from './limits.js';

// Layout: magic (8) ‖ u32 LE header length ‖ header (canonical JSON) ‖ shard secret (32) ‖ zero to a multiple of 8
// ‖ rows, one behind the other: features, then target (Float64 LE). A row is whole before the next begins, so that a
// package can be trained on while it streams by; format 1 had all targets at the end. A package of a private dataset has the
// numbers of `momentList` in place of rows.
const MAGIC = Buffer.from('VTPKG\0\0\u0002', 'latin1');
const PREFIX_BYTES = MAGIC.length + 4;
/** Longer ones are no headers: six short fields. */
const MAX_HEADER_BYTES = 1024;

const headerSchema = z.strictObject({
  schemaVersion: z.literal(2),
  templateDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  subset: z.number().int().min(0),
  rows: z.number().int().min(1).max(MAX_ROWS),
  totalRows: z.number().int().min(1).max(MAX_ROWS),
  features: z.number().int().min(1).max(MAX_COLUMNS),
  /** What stands in place of the rows; absent where the rows do. */
  content: z.literal('secondMoments').optional(),
});

/** What a package says of itself. */
export type PackageHeader = z.infer<typeof headerSchema>;

/** All of a package that stands before its rows. */
export interface PackageHead {
  readonly header: PackageHeader;
  readonly shardSecret: Uint8Array;
  /** Where the rows begin. */
  readonly bytes: number;
}

/** Bytes of the largest package there can be. */
export const MAX_PACKAGE_BYTES = dataOffset(MAX_HEADER_BYTES) + 8 * MAX_PACKAGE_CELLS;

/** The bytes before the rows. */
export function encodeHead(header: PackageHeader, shardSecret: Uint8Array): Uint8Array {
  const text = Buffer.from(canonicalJson(header), 'utf8');
  const out = Buffer.alloc(dataOffset(text.length));
  MAGIC.copy(out);
  out.writeUInt32LE(text.length, MAGIC.length);
  text.copy(out, PREFIX_BYTES);
  out.set(shardSecret, PREFIX_BYTES + text.length);
  return out;
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
  const headBytes = dataOffset(headerLength);
  if (bytes.length < headBytes) return undefined;
  const headerEnd = PREFIX_BYTES + headerLength;
  const secretEnd = headerEnd + SHARD_SECRET_BYTES;
  if (bytes.subarray(secretEnd, headBytes).some((byte) => byte !== 0))
    refusePackage('its padding is not zero');
  return {
    header: readHeader(bytes.toString('utf8', PREFIX_BYTES, headerEnd)),
    shardSecret: Uint8Array.from(bytes.subarray(headerEnd, secretEnd)),
    bytes: headBytes,
  };
}

function readHeader(text: string): PackageHeader {
  const parsed = headerSchema.safeParse(parseJson(text));
  if (!parsed.success) return refusePackage('its header cannot be read');
  if (canonicalJson(parsed.data) !== text) refusePackage('its header is not in canonical form');
  const { rows, features } = parsed.data;
  if (rows * (features + 1) > MAX_PACKAGE_CELLS) refusePackage('it has more numbers than a package may have');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function dataOffset(headerLength: number): number {
  return Math.ceil((PREFIX_BYTES + headerLength + SHARD_SECRET_BYTES) / 8) * 8;
}

/** @throws TrainingError VT7202 */
export function refusePackage(why: string, facts: Record<string, number> = {}): never {
  throw new TrainingError('VT7202', `the package is refused: ${why}`, facts);
}
