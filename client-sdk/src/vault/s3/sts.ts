import type { Agent, RequestOptions } from 'node:http';
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { signV4ByServiceName } from 'minio/dist/esm/signing.mjs';
import { z } from 'zod';
import type { AccessKeys } from './credentials.js';
import { fieldOf, refusalOf } from './refusal.js';
import type { Pace } from './timing.js';
import { transportOf } from './transport.js';

/** A Security Token Service: it gives out keys that expire. */
export interface Sts {
  readonly endpoint: string;
  readonly agentOf: (secure: boolean) => Agent;
  readonly pace: Pace;
}

/** Keys that expire. */
export interface TemporaryAccess {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const answerSchema = z.object({
  accessKey: z.string().min(1),
  secretKey: z.string().min(1),
  sessionToken: z.string().min(1),
  expiresAt: z.string().transform((at, context) => {
    const ms = Date.parse(at);
    if (!Number.isNaN(ms)) return ms;
    context.addIssue('no date');
    return z.NEVER;
  }),
});

export interface StsCall {
  /** Such as `AssumeRole`, with its parameters. */
  readonly form: Readonly<Record<string, string>>;
  /** Who asks, where the service wants a signature. */
  readonly signer?: { readonly keys: AccessKeys; readonly region: string } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks for keys. @throws S3Refusal; what keeps the service from answering */
export async function askSts(sts: Sts, { form, signer, signal }: StsCall): Promise<TemporaryAccess> {
  const url = new URL(sts.endpoint);
  const body = new URLSearchParams({ ...form, Version: '2011-06-15' }).toString();
  const options = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: '/',
    agent: sts.agentOf(url.protocol === 'https:'),
    headers: headersOf(url, body),
  };
  const xml = await post(sign(options, body, signer), body, { sts, signal });
  return answerSchema.parse({
    accessKey: fieldOf(xml, 'AccessKeyId'),
    secretKey: fieldOf(xml, 'SecretAccessKey'),
    sessionToken: fieldOf(xml, 'SessionToken'),
    expiresAt: fieldOf(xml, 'Expiration'),
  });
}

const headersOf = (url: URL, body: string): Record<string, string> => ({
  'content-type': 'application/x-www-form-urlencoded',
  'content-length': Buffer.byteLength(body).toString(),
  host: url.host,
});

type Posted = Omit<RequestOptions, 'headers'> & {
  protocol: string;
  method: string;
  path: string;
  headers: Record<string, string>;
};

function sign(options: Posted, body: string, signer: StsCall['signer']): RequestOptions {
  if (signer === undefined) return options;
  const { keys, region } = signer;
  const at = new Date();
  const sha256 = createHash('sha256').update(body).digest('hex');
  const headers: Record<string, string> = {
    ...options.headers,
    'x-amz-date': at.toISOString().replace(/[-:]|\.\d+/g, ''),
    'x-amz-content-sha256': sha256,
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
  };
  const request = { ...options, headers };
  headers.authorization = signV4ByServiceName(
    { protocol: options.protocol, method: options.method, path: options.path, headers },
    keys.accessKey,
    keys.secretKey,
    region,
    at,
    sha256,
    'sts',
  );
  return request;
}

function post(
  options: RequestOptions,
  body: string,
  { sts, signal }: { sts: Sts; signal: AbortSignal | undefined },
): Promise<string> {
  const secure = options.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = transportOf({ ...sts.pace, secure, signal }).request(options, (response) => {
      text(response).then((xml) => {
        if (xml.includes('<Error>')) reject(refusalOf(response, xml));
        else resolve(xml);
      }, reject);
    });
    request.on('error', reject).end(body);
  });
}
