import { createHash } from 'node:crypto';

/** The digest of an object that does not exist. The ledger sees only digests. */
export const digestFor = (text: string): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;
