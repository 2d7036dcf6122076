import { createRequire } from 'node:module';

interface Reader {
  getBuffer(): Uint8Array;
  getCursor(): number;
  /** The number of fields read so far, nested messages included. */
  fields?: number;
}
type Method = (this: Reader, ...given: unknown[]) => unknown;

/** Methods that trust the length prefix of the data. */
const LENGTH_PREFIXED = /^read(Packed.*|String|Message)$/;
const MAX_LENGTH_BYTES = 5;
/** An empty field of two bytes becomes an object of about a hundred. */
const MAX_FIELDS = 2 ** 21;

/**
 * Makes google-protobuf reject a length beyond the end of the bytes, and too many fields. Otherwise it reads up to 2^32
 * bytes that do not exist, so one malformed request blocks the process for ever. This changes the copy that Fabric's
 * messages use.
 */
export function boundReads(): void {
  const ofMessages = createRequire(createRequire(import.meta.url).resolve('@hyperledger/fabric-protos'));
  const { BinaryReader } = ofMessages('google-protobuf') as {
    BinaryReader: { prototype: Record<string, Method> };
  };
  const { prototype } = BinaryReader;
  for (const name of Object.keys(prototype)) {
    const check = LENGTH_PREFIXED.test(name) ? requireWithin : name === 'nextField' ? countField : undefined;
    const read = prototype[name];
    if (check === undefined || read === undefined || isBounded.has(read)) continue;
    const bounded: Method = function (...given) {
      check(this);
      return read.apply(this, given);
    };
    isBounded.add(bounded);
    prototype[name] = bounded;
  }
}

const isBounded = new WeakSet<Method>();

function countField(reader: Reader): void {
  reader.fields = (reader.fields ?? 0) + 1;
  if (reader.fields > MAX_FIELDS) throw malformed();
}

function requireWithin(reader: Reader): void {
  const bytes = reader.getBuffer();
  const cursor = reader.getCursor();
  let length = 0;
  for (let at = cursor; at < cursor + MAX_LENGTH_BYTES; at++) {
    const byte = bytes[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * (at - cursor));
    if (byte >= 0x80) continue;
    if (at + 1 + length <= bytes.length) return;
    break;
  }
  throw malformed();
}

const malformed = (): Error => new Error('proto: cannot parse invalid wire-format data');
