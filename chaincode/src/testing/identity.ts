import './quiet.js';
// Loads the metadata polyfill that the X.509 library requires.
import 'fabric-contract-api';
import { createECDH, createHash, createPrivateKey, sign, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { joinTokenMessage, type JoinTokenFacts, type PublicJwk } from '../domain/index.js';

const attributeOid = '1.2.3.4.5.6.7.8.1';
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface TestIdentity {
  readonly mspId: string;
  readonly certificate: Buffer;
  readonly signingKey: PublicJwk;
  readonly encryptionKey: PublicJwk;
  /** A data owner's token for a slot. */
  token(facts: JoinTokenFacts): string;
}

export interface IdentityOptions {
  readonly mspId?: string;
  readonly unit?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A member's key. It is the same in every run, so a test's ids do not change. */
function testKey(purpose: string, name: string): { readonly key: PublicJwk; readonly secret: KeyObject } {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(createHash('sha256').update(`${purpose} of ${name}`).digest());
  const point = pair.getPublicKey();
  const coordinate = (start: number) => point.subarray(start, start + 32).toString('base64url');
  const key = { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) } as const;
  const d = pair.getPrivateKey().toString('base64url').padStart(43, 'A');
  return { key, secret: createPrivateKey({ key: { ...key, d }, format: 'jwk' }) };
}

/** A member with a genuine X.509 certificate, as an organisation's CA would issue it. */
export async function makeIdentity(name: string, options: IdentityOptions = {}): Promise<TestIdentity> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const attributes = JSON.stringify({ attrs: options.attributes ?? {} });
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name},OU=${options.unit ?? 'client'}`,
    keys,
    signingAlgorithm: algorithm,
    serialNumber: createHash('sha256').update(name).digest('hex').slice(0, 16),
    extensions: [new x509.Extension(attributeOid, false, Buffer.from(attributes))],
  });
  const signing = testKey('signing key', name);
  return {
    mspId: options.mspId ?? 'Org1MSP',
    certificate: Buffer.from(certificate.toString('pem')),
    signingKey: signing.key,
    encryptionKey: testKey('encryption key', name).key,
    token: (facts) =>
      sign('sha256', joinTokenMessage(facts), {
        key: signing.secret,
        dsaEncoding: 'ieee-p1363',
      }).toString('base64url'),
  };
}
