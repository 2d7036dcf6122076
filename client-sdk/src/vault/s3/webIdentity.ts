import type { Agent, RequestOptions } from 'node:http';
import { z } from 'zod';
import { sdkError } from '../../errors/veritrainError.js';
import { readText } from '../../storage/files.js';
import type { AccessKeys, KeySource } from './credentials.js';
import type { S3Credentials } from './options.js';
import { bodyOf, fieldOf, refusalOf } from './refusal.js';
import { stsExpiry } from './stsExpiry.js';
import { transportOf } from './transport.js';

/** The service that exchanges tokens; where none is named, the vault's own endpoint is taken for it. */
export interface Sts {
  readonly endpoint: string;
  readonly agentOf: (secure: boolean) => Agent;
  readonly silenceMs: number;
}

const answerSchema = z.object({
  accessKey: z.string().min(1),
  secretKey: z.string().min(1),
  sessionToken: z.string().min(1),
  expiresAt: stsExpiry,
});

/** Keys are renewed this long before they expire, so that no upload's last part comes too late. */
const renewMs = 60_000;

/** Keys in exchange for a token that somebody keeps fresh in a file (AssumeRoleWithWebIdentity). */
export function webIdentity(identity: Extract<S3Credentials, { kind: 'webIdentity' }>, sts: Sts): KeySource {
  let held: { keys: AccessKeys; expiresAt: number } | undefined;
  return async (signal) => {
    if (held === undefined || held.expiresAt - renewMs < Date.now())
      held = await exchange(readToken(identity.tokenFile), identity, { ...sts, signal });
    return held.keys;
  };
}

function readToken(path: string): string {
  try {
    return readText(path, 'web identity token').trim();
  } catch (cause) {
    throw sdkError('VT8215', `The web identity token at ${path} cannot be read.`, { facts: { path }, cause });
  }
}

async function exchange(
  token: string,
  { endpoint, roleArn }: { endpoint?: string | undefined; roleArn?: string | undefined },
  sts: Sts & { signal: AbortSignal | undefined },
): Promise<{ keys: AccessKeys; expiresAt: number }> {
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    WebIdentityToken: token,
    RoleSessionName: 'veritrain',
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
  });
  const xml = await post(new URL(endpoint ?? sts.endpoint), form.toString(), sts);
  const { expiresAt, ...keys } = answerSchema.parse({
    accessKey: fieldOf(xml, 'AccessKeyId'),
    secretKey: fieldOf(xml, 'SecretAccessKey'),
    sessionToken: fieldOf(xml, 'SessionToken'),
    expiresAt: fieldOf(xml, 'Expiration'),
  });
  return { keys, expiresAt };
}

async function post(url: URL, body: string, sts: Sts & { signal: AbortSignal | undefined }): Promise<string> {
  const secure = url.protocol === 'https:';
  const options: RequestOptions = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: '/',
    agent: sts.agentOf(secure),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    },
  };
  return new Promise((resolve, reject) => {
    const request = transportOf({ ...sts, secure }).request(options, (response) => {
      bodyOf(response).then((xml) => {
        if (xml.includes('<Error>')) reject(refusalOf(response, xml));
        else resolve(xml);
      }, reject);
    });
    request.on('error', reject).end(body);
  });
}
