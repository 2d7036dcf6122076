import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { AccessKeys } from './credentials.js';
import type { S3Options } from './options.js';
import { defaultS3Timing } from './timing.js';
import { BoundedHandler } from './transport.js';

const mostSockets = 16;

/** What clients of all of a server's services have in common: nothing is repeated, and no clock set, behind our back. */
export function clientOptions({ region = 'us-east-1', tls, timing }: S3Options) {
  const ca = tls?.rootCertificatePem;
  const common = { keepAlive: true, maxSockets: mostSockets };
  const agents = {
    httpAgent: new HttpAgent(common),
    httpsAgent: new HttpsAgent({ ...common, ...(ca === undefined ? {} : { ca }) }),
  };
  return {
    region,
    maxAttempts: 1,
    disableClockSkewCorrection: true,
    requestHandler: new BoundedHandler({ ...defaultS3Timing, ...timing }, agents),
  } satisfies S3ClientConfig;
}

/** Keys as the library has them; asked for again for each request. */
export const identityOf = ({ accessKey, secretKey, sessionToken }: AccessKeys) => ({
  accessKeyId: accessKey,
  secretAccessKey: secretKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
  expiration: new Date(0),
});
