import { createPrivateKey } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import type { IssuedIdentity } from './certificates.js';
import { signLowS } from './signature.js';

/** A node that signs: its identity as Fabric serialises it, and the signing function. */
export interface Signer {
  readonly identity: Uint8Array;
  sign(data: Uint8Array): Uint8Array;
}

export function createSigner(mspId: string, issued: IssuedIdentity): Signer {
  const privateKey = createPrivateKey(issued.privateKeyPem);
  return {
    identity: serializeIdentity(mspId, issued.certificatePem),
    sign: (data) => signLowS(privateKey, data),
  };
}

function serializeIdentity(mspId: string, certificatePem: string): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificatePem));
  return identity.serializeBinary();
}
