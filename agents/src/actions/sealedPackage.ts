import { createReadStream } from 'node:fs';
import { readPackage, TrainingError, type DataPackage } from '@veritrain/training';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';

const pieceBytes = 1024 * 1024;

/** A file's bytes, a piece at a time. @throws whatever the file system says */
export function streamFile(path: string, { signal }: ActionContext = {}): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: pieceBytes, ...(signal && { signal }) });
}

/**
 * Reads a package that lies sealed in a file, a piece at a time: its rows are never in memory, or in clear on disk.
 * @throws ENVELOPE_UNOPENED where the seal is of another or broken; TrainingError VT7202 where it holds another package
 */
export function readSealedPackage(
  { market }: Member,
  path: string,
  packageDigest: string,
  context: ActionContext,
): Promise<DataPackage> {
  return readPackage(market.keyring.openStream(streamFile(path, context)), { digest: packageDigest });
}

/** For `catch`: what was sealed is another package, or none. */
export function notThePackage(error: unknown): undefined {
  if (error instanceof TrainingError && error.code === 'VT7202') return undefined;
  throw error;
}
