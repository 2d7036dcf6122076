import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { sdkError } from '../../errors/veritrainError.js';
import { readText } from '../../storage/files.js';
import { clientOptions } from './client.js';
import type { KeySource } from './credentials.js';
import type { S3Credentials, S3Options } from './options.js';
import { type TemporaryAccess, accessOf } from './sts.js';

/** Keys are renewed this long before they expire, so that no upload's last part comes too late. */
const renewMs = 60_000;

/** Keys in exchange for a token that somebody keeps fresh in a file (AssumeRoleWithWebIdentity). */
export function webIdentity(
  { tokenFile, roleArn, endpoint }: Extract<S3Credentials, { kind: 'webIdentity' }>,
  options: S3Options,
): KeySource {
  const sts = new STSClient({ ...clientOptions(options), endpoint: endpoint ?? options.endpoint });
  let held: TemporaryAccess | undefined;
  return async (signal) => {
    if (held === undefined || held.expiresAt - renewMs < Date.now()) {
      const asked = new AssumeRoleWithWebIdentityCommand({
        WebIdentityToken: readToken(tokenFile),
        RoleSessionName: 'veritrain',
        // Not every server wants one.
        RoleArn: roleArn!,
      });
      held = accessOf(await sts.send(asked, signal === undefined ? {} : { abortSignal: signal }));
    }
    return held;
  };
}

function readToken(path: string): string {
  try {
    return readText(path, 'web identity token').trim();
  } catch (cause) {
    throw sdkError('VT8215', `The web identity token at ${path} cannot be read.`, { facts: { path }, cause });
  }
}
