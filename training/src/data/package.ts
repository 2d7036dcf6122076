import { z } from 'zod';
import { canonicalJson, digestOf } from '../canonical.js';
import { TrainingError } from '../errors.js';
import { MAX_FEATURES, MAX_ROWS, SHARD_SECRET_BYTES } from './limits.js';
import { templateDigest, type Template } from './template.js';
import type { Shard } from './split.js';

// Layout: magic (8) ‖ u32 LE header length ‖ header (canonical JSON) ‖ shard secret (32) ‖ zero to a multiple of 8
// ‖ features, row-major (Float64 LE) ‖ targets (Float64 LE).
const MAGIC = Buffer.from('VTPKG\0\0\u0001', 'latin1');
const PREFIX_BYTES = MAGIC.length + 4;

const headerSchema = z.strictObject({
  schemaVersion: z.literal(1),
  templateDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  subset: z.number().int().min(0),
  rows: z.number().int().min(1).max(MAX_ROWS),
  totalRows: z.number().int().min(1).max(MAX_ROWS),
  features: z.number().int().min(1).max(MAX_FEATURES),
});
type Header = z.infer<typeof headerSchema>;

/** A subset's package, checked and open. Keep it: what training derives from it is cached under it. */
export interface DataPackage {
  /** `sha256:…` of the package's bytes. */
  readonly digest: string;
  readonly templateDigest: string;
  readonly subset: number;
  readonly rows: number;
  readonly features: number;
}

/** What only this package's own code sees of a {@link DataPackage}. */
export interface PackageContent {
  readonly values: Float64Array;
  readonly targets: Float64Array;
  readonly shardSecret: Uint8Array;
}

// Kept beside the package, not in it: printing or serialising a DataPackage shows no row and no secret.
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
export function encodePackage(input: PackageInput): Uint8Array {
  const { template, shard, shardSecret } = input;
  checkFit(input);
  const header: Header = {
    schemaVersion: 1,
    templateDigest: templateDigest(template),
    subset: shard.subset,
    rows: shard.rows,
    totalRows: template.rows,
    features: shard.features,
  };
  const headerBytes = Buffer.from(canonicalJson(header), 'utf8');
  const start = dataOffset(headerBytes.length);
  const out = new Uint8Array(start + 8 * (shard.values.length + shard.targets.length));
  const view = new DataView(out.buffer);
  out.set(MAGIC);
  view.setUint32(MAGIC.length, headerBytes.length, true);
  out.set(headerBytes, PREFIX_BYTES);
  out.set(shardSecret, PREFIX_BYTES + headerBytes.length);
  writeDoubles(view, start, shard.values);
  writeDoubles(view, start + 8 * shard.values.length, shard.targets);
  return out;
}

/**
 * Opens and checks a package: its form, its header, its length to the byte, and every number.
 * @throws TrainingError VT7202
 */
export function openPackage(bytes: Uint8Array): DataPackage {
  const { header, headerLength } = readHeader(bytes);
  const start = dataOffset(headerLength);
  const length = start + 8 * header.rows * (header.features + 1);
  if (bytes.length !== length)
    refuse(`${bytes.length} bytes, ${length} expected`, { bytes: bytes.length, expected: length });
  const secretEnd = PREFIX_BYTES + headerLength + SHARD_SECRET_BYTES;
  if (bytes.subarray(secretEnd, start).some((byte) => byte !== 0)) refuse('its padding is not zero');
  const values = readDoubles(bytes, start, header.rows * header.features, header.totalRows);
  const targets = readDoubles(bytes, start + 8 * values.length, header.rows, header.totalRows);
  const { subset, rows, features } = header;
  const opened: DataPackage = Object.freeze({
    digest: digestOf(bytes),
    templateDigest: header.templateDigest,
    subset,
    rows,
    features,
  });
  contents.set(opened, {
    values,
    targets,
    shardSecret: Uint8Array.from(bytes.subarray(secretEnd - SHARD_SECRET_BYTES, secretEnd)),
  });
  return opened;
}

/** The rows and the secret of a package that {@link openPackage} gave. @throws TrainingError VT7501 */
export function packageContent(opened: DataPackage): PackageContent {
  const content = contents.get(opened);
  if (content === undefined) throw new TrainingError('VT7501', 'the package does not come from openPackage');
  return content;
}

function checkFit({ template, shard, shardSecret }: PackageInput): void {
  const rows = template.subsetRows[shard.subset];
  const fits =
    rows === shard.rows &&
    shard.features === template.features &&
    shard.values.length === shard.rows * shard.features &&
    shard.targets.length === shard.rows;
  if (!fits) {
    throw new TrainingError('VT7501', `shard ${shard.subset} does not belong to the template`, {
      subset: shard.subset,
    });
  }
  if (shardSecret.length !== SHARD_SECRET_BYTES) {
    throw new TrainingError('VT7501', `the shard secret must have ${SHARD_SECRET_BYTES} bytes`, {
      bytes: shardSecret.length,
    });
  }
}

function readHeader(bytes: Uint8Array): { header: Header; headerLength: number } {
  if (bytes.length < PREFIX_BYTES || Buffer.compare(bytes.subarray(0, MAGIC.length), MAGIC) !== 0) {
    refuse('it is no package', { bytes: bytes.length });
  }
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(
    MAGIC.length,
    true,
  );
  const text = Buffer.from(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerLength)).toString('utf8');
  const parsed = headerSchema.safeParse(parseJson(text));
  if (!parsed.success) return refuse('its header cannot be read');
  if (canonicalJson(parsed.data) !== text) refuse('its header is not in canonical form');
  return { header: parsed.data, headerLength };
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

function writeDoubles(view: DataView, offset: number, values: Float64Array): void {
  // + 0 turns a negative zero into zero: one number, one encoding.
  values.forEach((value, index) => view.setFloat64(offset + 8 * index, value + 0, true));
}

function readDoubles(bytes: Uint8Array, offset: number, count: number, totalRows: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Float64Array(count);
  // No value of n lies further than √(n − 1) standard deviations from their mean; a little more for rounding.
  const bound = Math.sqrt(totalRows) * (1 + 1e-6);
  for (let index = 0; index < count; index++) {
    const value = view.getFloat64(offset + 8 * index, true);
    if (!(Math.abs(value) <= bound) || Object.is(value, -0))
      refuse('it holds a number that no standardised table can hold');
    values[index] = value;
  }
  return values;
}

function refuse(why: string, facts: Record<string, number> = {}): never {
  throw new TrainingError('VT7202', `the package is refused: ${why}`, facts);
}
