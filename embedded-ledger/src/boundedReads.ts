import { createRequire } from 'node:module';

interface Reader {
  getBuffer(): Uint8Array;
  getCursor(): number;
}
type Method = (this: Reader, ...given: unknown[]) => unknown;

/** Methods that believe the length in front of what they read. */
const BELIEVING = /^read(Packed.*|String|Message)$/;
const MAX_LENGTH_BYTES = 5;

/**
 * Has google-protobuf refuse a length that reaches beyond the bytes. Without, it reads on for up to 2^32 bytes that are
 * not there, and one malformed request holds the process for ever. Concerns the copy that Fabric's messages use.
 */
export function boundReads(): void {
  const ofMessages = createRequire(createRequire(import.meta.url).resolve('@hyperledger/fabric-protos'));
  const { BinaryReader } = ofMessages('google-protobuf') as {
    BinaryReader: { prototype: Record<string, Method> };
  };
  const { prototype } = BinaryReader;
  for (const name of Object.keys(prototype).filter((each) => BELIEVING.test(each))) {
    const read = prototype[name];
    if (read === undefined || isBounded.has(read)) continue;
    const bounded: Method = function (...given) {
      requireWithin(this.getBuffer(), this.getCursor());
      return read.apply(this, given);
    };
    isBounded.add(bounded);
    prototype[name] = bounded;
  }
}

const isBounded = new WeakSet<Method>();

function requireWithin(bytes: Uint8Array, cursor: number): void {
  let length = 0;
  for (let at = cursor; at < cursor + MAX_LENGTH_BYTES; at++) {
    const byte = bytes[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * (at - cursor));
    if (byte >= 0x80) continue;
    if (at + 1 + length <= bytes.length) return;
    break;
  }
  throw new Error('proto: cannot parse invalid wire-format data');
}
