import type { Policy } from './policy.js';
import { keySource } from './credentials.js';
import { failureOf } from './failure.js';
import { checkOptions, type S3Options } from './options.js';
import { serviceOf } from './signedRequest.js';
import { type TemporaryAccess, askSts } from './sts.js';

/** What the keys are to allow, and for how long. */
export interface TemporaryAccessInput {
  /** What they allow. */
  readonly policy: Policy;
  /** How long the keys are good; servers have limits, mostly from 15 minutes on. */
  readonly durationMs: number;
  /** The role to take, where the service wants one. */
  readonly roleArn?: string | undefined;
  /** Where the service is, if not at the vault's own endpoint. */
  readonly stsEndpoint?: string | undefined;
}

/**
 * Keys for somebody else that allow what a policy allows and nothing beyond the caller's own rights, until they expire
 * (AssumeRole of the Security Token Service that S3 servers have beside them).
 *
 * @throws VAULT_CREDENTIALS_REFUSED, VAULT_UNREACHABLE, VAULT_ANSWER_INVALID, VAULT_FAILED
 */
export async function temporaryAccess(
  options: S3Options,
  { policy, durationMs, roleArn, stsEndpoint }: TemporaryAccessInput,
): Promise<TemporaryAccess> {
  const { endpoint, bucket, region = 'us-east-1', credentials } = checkOptions(options);
  try {
    const keys = await keySource(credentials, serviceOf(options))(undefined);
    return await askSts(serviceOf(options, stsEndpoint), {
      form: {
        Action: 'AssumeRole',
        DurationSeconds: Math.ceil(durationMs / 1000).toString(),
        Policy: JSON.stringify(policy),
        RoleSessionName: 'veritrain',
        ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
      },
      signer: { keys, region },
    });
  } catch (error) {
    throw failureOf(error, { endpoint, bucket }, { purpose: 'identify' });
  }
}
