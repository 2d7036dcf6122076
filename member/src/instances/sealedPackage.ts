import { readPackage, TrainingError, type DataPackage } from '@veritrain/training';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';
import { streamFile } from '../home/streamFile.js';

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
