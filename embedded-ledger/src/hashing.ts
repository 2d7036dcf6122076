import { createHash } from 'node:crypto';

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Fabric's transaction id: hex of SHA-256(nonce ‖ creator). */
export function transactionIdOf(nonce: Uint8Array, creator: Uint8Array): string {
  return sha256(nonce, creator).toString('hex');
}

/** Compares two byte arrays. Protobuf returns Uint8Array; Node's functions expect Buffer. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** Orders two keys by their UTF-8 bytes, as LevelDB and Go do (UTF-16 order differs above U+FFFF). */
export function compareKeys(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}
