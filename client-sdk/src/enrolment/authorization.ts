import { nativeSigner } from '../ledger/signer.js';
import type { LedgerIdentity } from '../ledger/identity.js';

/** What a token signs of an HTTP request. */
interface SignedParts {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Makes the authorization header of one request. */
export type Authorization = (request: SignedParts) => string | Promise<string>;

/** By the secret that the CA's registrar gave. */
export const bySecret =
  (enrolmentId: string, secret: string): Authorization =>
  () =>
    `Basic ${base64(`${enrolmentId}:${secret}`)}`;

/** By an earlier enrolment: Fabric CA's token, a signature over method, path, body and certificate. */
export const byIdentity =
  ({ certificatePem, privateKeyPem }: LedgerIdentity): Authorization =>
  async ({ method, path, body }) => {
    const certificate = base64(certificatePem);
    const signed = `${method}.${base64(path)}.${base64(body)}.${certificate}`;
    const signature = await nativeSigner(privateKeyPem)(Buffer.from(signed));
    return `${certificate}.${base64(signature)}`;
  };

const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');
