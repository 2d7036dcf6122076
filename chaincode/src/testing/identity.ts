import './quiet.js';
// Loads the metadata polyfill that the X.509 library asks for.
import 'fabric-contract-api';
import { createHash, generateKeyPairSync, sign, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { joinTokenMessage, type JoinTokenFacts, type PublicJwk } from '../domain/index.js';

const attributeOid = '1.2.3.4.5.6.7.8.1';
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface TestIdentity {
  readonly mspId: string;
  readonly certificate: Buffer;
  readonly signingKey: PublicJwk;
  readonly encryptionKey: PublicJwk;
  readonly privateKey: KeyObject;
  /** A data owner's token for a slot. */
  token(facts: JoinTokenFacts): string;
}

export interface IdentityOptions {
  readonly mspId?: string;
  readonly unit?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

function publicJwk(key: KeyObject): PublicJwk {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return { kty: 'EC', crv: 'P-256', x, y };
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
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const encryption = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    mspId: options.mspId ?? 'Org1MSP',
    certificate: Buffer.from(certificate.toString('pem')),
    signingKey: publicJwk(signing.publicKey),
    encryptionKey: publicJwk(encryption.publicKey),
    privateKey: signing.privateKey,
    token: (facts) =>
      sign('sha256', joinTokenMessage(facts), {
        key: signing.privateKey,
        dsaEncoding: 'ieee-p1363',
      }).toString('base64url'),
  };
}
