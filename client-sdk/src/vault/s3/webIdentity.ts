import { sdkError } from '../../errors/veritrainError.js';
import { readText } from '../../storage/files.js';
import type { KeySource } from './credentials.js';
import type { S3Credentials } from './options.js';
import type { Service } from './signedRequest.js';
import { type TemporaryAccess, askSts } from './sts.js';

/** Keys are renewed this long before they expire, so that no upload's last part comes too late. */
const renewMs = 60_000;

/**
 * Keys in exchange for a token that somebody keeps fresh in a file (AssumeRoleWithWebIdentity).
 *
 * @param sts where it is exchanged, unless the identity names another
 */
export function webIdentity(
  { tokenFile, roleArn, endpoint }: Extract<S3Credentials, { kind: 'webIdentity' }>,
  sts: Service,
): KeySource {
  let held: TemporaryAccess | undefined;
  return async (signal) => {
    if (held === undefined || held.expiresAt - renewMs < Date.now())
      held = await askSts(
        { ...sts, endpoint: endpoint ?? sts.endpoint },
        {
          form: {
            Action: 'AssumeRoleWithWebIdentity',
            WebIdentityToken: readToken(tokenFile),
            RoleSessionName: 'veritrain',
            ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
          },
          signal,
        },
      );
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
