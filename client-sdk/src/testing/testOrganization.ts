import 'reflect-metadata';
import { createPrivateKey, sign, webcrypto } from 'node:crypto';
import { msp, peer } from '@hyperledger/fabric-protos';
import * as x509 from '@peculiar/x509';
import type { PinnedOrganization } from '../ledger/pinnedOrganizations.js';

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

const pemOf = async (privateKey: webcrypto.CryptoKey): Promise<string> => {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
};

/** What a TLS server shows that nobody vouches for, in PEM. */
export async function selfSigned(name: string): Promise<{ cert: string; key: string }> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: algorithm,
  });
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** Signs what endorsers sign. */
export interface TestEndorser {
  readonly identity: Uint8Array;
  endorse(signed: Uint8Array): peer.Endorsement;
}

/** An organisation with a CA of its own. */
export interface TestOrganization {
  readonly pinned: PinnedOrganization;
  readonly peer: TestEndorser;
  /** A member that is no peer. */
  readonly client: TestEndorser;
}

export async function testOrganization(mspId: string): Promise<TestOrganization> {
  const keys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=ca.${mspId}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const endorser = async (unit: string): Promise<TestEndorser> => {
    const own = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `OU=${unit}, CN=${unit}0.${mspId}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new x509.BasicConstraintsExtension(false)],
    });
    return endorserOf(mspId, certificate, own.privateKey);
  };
  return {
    pinned: { mspId, rootCertificatesPem: [root.toString('pem')], peerUnit: 'peer' },
    peer: await endorser('peer'),
    client: await endorser('client'),
  };
}

async function endorserOf(
  mspId: string,
  certificate: x509.X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<TestEndorser> {
  const serialized = new msp.SerializedIdentity();
  serialized.setMspid(mspId);
  serialized.setIdBytes(Buffer.from(certificate.toString('pem')));
  const identity = serialized.serializeBinary();
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    identity,
    endorse: (signed) => {
      const endorsement = new peer.Endorsement();
      endorsement.setEndorser(identity);
      endorsement.setSignature(sign('sha256', Buffer.concat([signed, identity]), key));
      return endorsement;
    },
  };
}
