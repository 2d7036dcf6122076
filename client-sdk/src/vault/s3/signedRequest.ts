import { createHash } from 'node:crypto';
import { Agent as HttpAgent, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { text } from 'node:stream/consumers';
import { signV4ByServiceName } from 'minio/dist/esm/signing.mjs';
import type { AccessKeys } from './credentials.js';
import { refusalOf } from './refusal.js';
import type { S3Options } from './options.js';
import { type Pace, defaultS3Timing } from './timing.js';
import { transportOf } from './transport.js';

const maxSockets = 16;

/** A server, and the way there. */
export interface Service {
  /** `http(s)://host[:port]` */
  readonly endpoint: string;
  readonly agentOf: (secure: boolean) => HttpAgent;
  readonly pace: Pace;
}

export interface ServiceCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With its query. */
  readonly path: string;
  readonly body?: Uint8Array | string | undefined;
  readonly contentType?: string | undefined;
  /** Who asks, where the service wants a signature. */
  readonly signer?:
    { readonly keys: AccessKeys; readonly region: string; readonly service: 's3' | 'sts' } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The server of an S3, with connections of its own; or another one that is trusted and waited for like it. */
export function serviceOf({ endpoint, tls, timing }: S3Options, other?: string): Service {
  const ca = tls?.rootCertificatePem;
  const common = { keepAlive: true, maxSockets };
  const plain = new HttpAgent(common);
  const secured = new HttpsAgent({ ...common, ...(ca === undefined ? {} : { ca }) });
  return {
    endpoint: other ?? endpoint,
    agentOf: (secure) => (secure ? secured : plain),
    pace: { ...defaultS3Timing, ...timing },
  };
}

/** @returns the answer @throws S3Refusal; what keeps the service from answering */
export async function callService(service: Service, call: ServiceCall): Promise<string> {
  const url = new URL(service.endpoint);
  const secure = url.protocol === 'https:';
  const body = Buffer.from(call.body ?? '');
  const options: RequestOptions = {
    method: call.method,
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: call.path,
    agent: service.agentOf(secure),
    headers: signed(url, call, body),
  };
  return new Promise((resolve, reject) => {
    const { pace } = service;
    const request = transportOf({ ...pace, secure, signal: call.signal }).request(options, (response) => {
      text(response).then((answer) => {
        if (answer.includes('<Error>')) reject(refusalOf(response, answer));
        else resolve(answer);
      }, reject);
    });
    request.on('error', reject).end(body);
  });
}

function signed(
  url: URL,
  { method, path, contentType, signer }: ServiceCall,
  body: Buffer,
): Record<string, string> {
  const headers: Record<string, string> = {
    host: url.host,
    'content-length': body.length.toString(),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  };
  if (signer === undefined) return headers;
  const { keys, region, service } = signer;
  const at = new Date();
  const sha256 = createHash('sha256').update(body).digest('hex');
  headers['x-amz-date'] = at.toISOString().replace(/[-:]|\.\d+/g, '');
  headers['x-amz-content-sha256'] = sha256;
  if (keys.sessionToken !== undefined) headers['x-amz-security-token'] = keys.sessionToken;
  const request = { protocol: url.protocol, method, path, headers };
  headers.authorization = signV4ByServiceName(
    request,
    keys.accessKey,
    keys.secretKey,
    region,
    at,
    sha256,
    service,
  );
  return headers;
}
