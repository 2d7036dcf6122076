import { z } from 'zod';
import { sdkError } from '../../errors/veritrainError.js';
import type { S3Connection } from './connection.js';
import { keyOf } from './objectKey.js';

/** How to sign an address. */
export interface PresignOptions {
  /** How long the address is good, in milliseconds, 1 s to 7 days; rounded up to whole seconds. */
  readonly expiresInMs: number;
}

const expiry = z
  .number()
  .min(1000)
  .max(7 * 24 * 3_600_000);

/** Signs an address; nothing is sent. */
export async function presign(
  connection: S3Connection,
  method: 'GET' | 'PUT',
  handle: string,
  { expiresInMs }: PresignOptions,
): Promise<string> {
  const parsed = expiry.safeParse(expiresInMs);
  if (!parsed.success)
    throw sdkError('VT8004', 'An address is good for 1 second to 7 days.', { facts: { expiresInMs } });
  const seconds = Math.ceil(expiresInMs / 1000);
  return connection.call((client) => client.presignedUrl(method, connection.bucket, keyOf(handle), seconds), {
    purpose: 'read',
    handle,
  });
}
