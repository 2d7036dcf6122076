import { z } from 'zod';
import { sdkError } from '../../errors/veritrainError.js';
import { readTextIfAny, requirePrivate } from '../../storage/files.js';
import { type S3Credentials, staticCredentials } from './options.js';
import type { Service } from './signedRequest.js';
import { webIdentity } from './webIdentity.js';

export interface AccessKeys {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string | undefined;
}

/**
 * Gives the keys to sign the next request with.
 *
 * @throws VAULT_CREDENTIALS_MISSING, KEY_FILE_EXPOSED; of a web identity also what the exchange of its token may say
 */
export type KeySource = (signal: AbortSignal | undefined) => Promise<AccessKeys>;

export function keySource(credentials: S3Credentials, sts: Service): KeySource {
  switch (credentials.kind) {
    case 'static':
      return () => Promise.resolve(credentials);
    case 'environment':
      return () => Promise.resolve(fromEnvironment(process.env));
    case 'file':
      return () => fromFile(credentials.path);
    case 'webIdentity':
      return webIdentity(credentials, sts);
  }
}

/** Ours, or those that other S3 programs read. */
function fromEnvironment(environment: NodeJS.ProcessEnv): AccessKeys {
  const ours = {
    accessKey: environment.VERITRAIN_S3_ACCESS_KEY,
    secretKey: environment.VERITRAIN_S3_SECRET_KEY,
    sessionToken: environment.VERITRAIN_S3_SESSION_TOKEN,
  };
  const common = {
    accessKey: environment.AWS_ACCESS_KEY_ID,
    secretKey: environment.AWS_SECRET_ACCESS_KEY,
    sessionToken: environment.AWS_SESSION_TOKEN,
  };
  const parsed = staticCredentials.safeParse(ours.accessKey === undefined ? common : ours);
  if (parsed.success) return parsed.data;
  throw sdkError('VT8215', 'The environment has no whole credentials for the vault.', {
    cause: parsed.error,
  });
}

async function fromFile(path: string): Promise<AccessKeys> {
  try {
    const text = readTextIfAny(path);
    if (text === undefined)
      throw sdkError('VT8215', `There is no file of credentials at ${path}.`, { facts: { path } });
    await requirePrivate(path);
    return staticCredentials.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof z.ZodError || cause instanceof SyntaxError)
      // Neither cause goes along: a parser's message may quote what it read.
      throw sdkError('VT8215', `${path} holds no credentials of an S3.`, { facts: { path } });
    throw cause;
  }
}
