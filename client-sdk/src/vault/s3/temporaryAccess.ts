import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientOptions, identityOf } from './client.js';
import { keySource } from './credentials.js';
import { failureOf } from './failure.js';
import { checkOptions, type S3Options } from './options.js';
import type { Policy } from './policy.js';
import { type TemporaryAccess, accessOf } from './sts.js';

export interface TemporaryAccessInput {
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
  const { endpoint, bucket } = checkOptions(options);
  try {
    const keys = await keySource(options)(undefined);
    const sts = new STSClient({
      ...clientOptions(options),
      endpoint: stsEndpoint ?? endpoint,
      credentials: identityOf(keys),
    });
    const asked = new AssumeRoleCommand({
      DurationSeconds: Math.ceil(durationMs / 1000),
      Policy: JSON.stringify(policy),
      RoleSessionName: 'veritrain',
      // Not every server wants one.
      RoleArn: roleArn!,
    });
    return accessOf(await sts.send(asked));
  } catch (error) {
    throw failureOf(error, { endpoint, bucket }, { purpose: 'identify' });
  }
}
