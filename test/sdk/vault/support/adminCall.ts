import { createHash } from 'node:crypto';
import type { S3Options } from '@veritrain/client-sdk/s3';
import { signV4ByServiceName } from 'minio/dist/esm/signing.mjs';

/** Calls MinIO's admin interface as an altered client would, past all that the SDK asks. @returns the HTTP status */
export async function adminCall(
  { endpoint, credentials }: Pick<S3Options, 'endpoint' | 'credentials'>,
  method: string,
  call: string,
  content = '',
): Promise<number> {
  if (credentials.kind !== 'static') throw new Error('the call is signed with keys');
  const url = new URL(`/minio/admin/v3/${call}`, endpoint);
  const at = new Date();
  const sha256 = createHash('sha256').update(content).digest('hex');
  const headers: Record<string, string> = {
    host: url.host,
    'x-amz-date': at.toISOString().replace(/[-:]|\.\d+/g, ''),
    'x-amz-content-sha256': sha256,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const { accessKey, secretKey } = credentials;
  const request = { protocol: url.protocol, method, path: `${url.pathname}${url.search}`, headers };
  const authorization = signV4ByServiceName(request, accessKey, secretKey, 'us-east-1', at, sha256, 's3');
  const body = method === 'GET' ? {} : { body: content };
  return (await fetch(url, { method, headers: { ...headers, authorization }, ...body })).status;
}
