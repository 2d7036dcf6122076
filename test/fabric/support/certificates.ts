import 'reflect-metadata';
import { createPrivateKey, KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { LedgerIdentity } from '@veritrain/client-sdk/fabric';

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** What a CA certifies with. */
export interface Issuer {
  readonly certificatePem: string;
  readonly key: KeyObject;
}

/** A CA whose certificate and key are among the files of these folders. */
export function issuerAmong(certificatePath: string, keyFolder: string): Issuer {
  const certificatePem = readFileSync(certificatePath, 'utf8');
  const certificate = new X509Certificate(certificatePem);
  const key = readdirSync(keyFolder)
    .filter((name) => name.endsWith('_sk'))
    .map((name) => createPrivateKey(readFileSync(join(keyFolder, name))))
    .find((each) => certificate.checkPrivateKey(each));
  if (key === undefined) throw new Error(`${keyFolder} has no key of ${certificatePath}`);
  return { certificatePem, key };
}

/** Somebody else's CA, which says of itself what a real one does. */
export async function impostorOf({ certificatePem }: Issuer): Promise<Issuer> {
  const { privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return { certificatePem, key: KeyObject.from(privateKey) };
}

/** A certificate, as old as the CA, for a new key; it says of its holder what another says. */
export async function certify(
  issuer: Issuer,
  holder: LedgerIdentity,
  notAfter: Date,
): Promise<LedgerIdentity> {
  const authority = new x509.X509Certificate(issuer.certificatePem);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const pkcs8 = issuer.key.export({ type: 'pkcs8', format: 'der' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: new x509.X509Certificate(holder.certificatePem).subjectName,
    issuer: authority.subjectName,
    // Fabric takes no certificate that is older than its CA's.
    notBefore: authority.notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    ],
  });
  return {
    mspId: holder.mspId,
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKeyPem: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
