import { Agent } from 'node:https';
import { AssumeRoleProvider } from 'minio/dist/esm/AssumeRoleProvider.mjs';
import { z } from 'zod';
import { sdkError } from '../../errors/veritrainError.js';
import type { Policy } from './policy.js';
import { keySource } from './credentials.js';
import { failureOf } from './failure.js';
import { checkOptions, type S3Options } from './options.js';
import { S3Refusal } from './refusal.js';
import { stsExpiry } from './stsExpiry.js';
import { defaultS3Timing } from './timing.js';

export interface TemporaryAccess {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface TemporaryAccessInput {
  readonly policy: Policy;
  /** How long the keys are good; servers have limits, mostly from 15 minutes on. */
  readonly durationMs: number;
  /** The role to take, where the service wants one. */
  readonly roleArn?: string | undefined;
  /** Where the service is, if not at the vault's own endpoint. */
  readonly stsEndpoint?: string | undefined;
}

const answerSchema = z.object({
  AssumeRoleResponse: z.object({
    AssumeRoleResult: z.object({
      Credentials: z.object({
        AccessKeyId: z.string().min(1),
        SecretAccessKey: z.string().min(1),
        SessionToken: z.string().min(1),
        Expiration: stsExpiry,
      }),
    }),
  }),
});
const refusalSchema = z.object({
  ErrorResponse: z.object({ Error: z.object({ Code: z.string(), Message: z.string().default('') }) }),
});

/**
 * Keys for somebody else that allow what a policy allows and nothing beyond the caller's own rights, until they expire
 * (AssumeRole of the Security Token Service that S3 servers have beside them).
 *
 * @throws VAULT_CREDENTIALS_REFUSED, VAULT_UNREACHABLE, VAULT_FAILED
 */
export async function temporaryAccess(
  options: S3Options,
  { policy, durationMs, roleArn, stsEndpoint }: TemporaryAccessInput,
): Promise<TemporaryAccess> {
  const { endpoint, bucket, region = 'us-east-1', tls, credentials } = checkOptions(options);
  const { silenceMs } = { ...defaultS3Timing, ...options.timing };
  const ca = tls?.rootCertificatePem;
  const agent = ca === undefined ? undefined : new Agent({ ca });
  try {
    const { accessKey, secretKey } = await keySource(credentials, {
      endpoint,
      agentOf: () => agent ?? new Agent(),
      silenceMs,
    })(undefined);
    const provider = new AssumeRoleProvider({
      stsEndpoint: stsEndpoint ?? endpoint,
      accessKey,
      secretKey,
      region,
      durationSeconds: Math.ceil(durationMs / 1000),
      policy: JSON.stringify(policy),
      roleSessionName: 'veritrain',
      ...(roleArn === undefined ? {} : { roleArn }),
      ...(agent === undefined ? {} : { transportAgent: agent }),
    });
    return readAnswer(await provider.performRequest());
  } catch (error) {
    throw failureOf(error, { endpoint, bucket }, { purpose: 'identify' });
  }
}

function readAnswer(answer: unknown): TemporaryAccess {
  const granted = answerSchema.safeParse(answer);
  if (granted.success) {
    const { Credentials: keys } = granted.data.AssumeRoleResponse.AssumeRoleResult;
    return {
      accessKey: keys.AccessKeyId,
      secretKey: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
      expiresAt: keys.Expiration,
    };
  }
  const refused = refusalSchema.safeParse(answer);
  if (refused.success) {
    const { Code, Message } = refused.data.ErrorResponse.Error;
    throw new S3Refusal(Code === 'AccessDenied' ? 403 : 400, Code, Message);
  }
  throw sdkError('VT8214', 'The vault gave no keys, and no reason.');
}
