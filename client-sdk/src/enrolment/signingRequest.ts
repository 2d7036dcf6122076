import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { Name, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface SigningRequest {
  /** PKCS 10. */
  readonly requestPem: string;
  /** PKCS 8. */
  readonly privateKeyPem: string;
}

/** A new P-256 key pair, and the request that a CA is to certify it under this name. */
export async function newSigningRequest(commonName: string): Promise<SigningRequest> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  // As a value: plain text would be parsed for quotes, backslashes and a leading #.
  const name = new Name([{ CN: [{ utf8String: commonName }] }]);
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name, keys, signingAlgorithm: algorithm },
    webcrypto,
  );
  const privateKeyPem = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { requestPem: request.toString('pem'), privateKeyPem };
}
