import type { AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { z } from 'zod';

/** Keys that expire. */
export interface TemporaryAccess {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const text = z.string().min(1);
const answerSchema = z
  .object({
    AccessKeyId: text,
    SecretAccessKey: text,
    SessionToken: text,
    Expiration: z.date(),
  })
  .transform(({ AccessKeyId, SecretAccessKey, SessionToken, Expiration }) => ({
    accessKey: AccessKeyId,
    secretKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAt: Expiration.getTime(),
  }));

/** What a Security Token Service gave out. */
export const accessOf = ({ Credentials }: Pick<AssumeRoleCommandOutput, 'Credentials'>): TemporaryAccess =>
  answerSchema.parse(Credentials);
