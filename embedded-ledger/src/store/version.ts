/** The height at which a value was written: Fabric's version of a key. */
export interface Version {
  readonly block: number;
  readonly transaction: number;
}

export interface VersionedValue {
  readonly value: Uint8Array;
  readonly version: Version;
}

const HEADER_BYTES = 12;

export function sameVersion(left: Version | undefined, right: Version | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.block === right.block && left.transaction === right.transaction;
}

/** Layout in the store: block (8 bytes), transaction (4 bytes), value. */
export function encodeValue(value: Uint8Array, version: Version): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + value.length);
  bytes.writeBigUInt64BE(BigInt(version.block), 0);
  bytes.writeUInt32BE(version.transaction, 8);
  bytes.set(value, HEADER_BYTES);
  return bytes;
}

export function decodeValue(bytes: Buffer): VersionedValue {
  return {
    version: { block: Number(bytes.readBigUInt64BE(0)), transaction: bytes.readUInt32BE(8) },
    value: bytes.subarray(HEADER_BYTES),
  };
}
