import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A server of this machine that nobody vouches for but itself: its files as MinIO wants them. @returns its PEM */
export async function writeServerCertificate(folder: string): Promise<string> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=vault',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'public.crt'), certificate.toString('pem'));
  writeFileSync(join(folder, 'private.key'), x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'));
  return certificate.toString('pem');
}
