import { createPrivateKey } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { CertificateIssuer, createAuthority } from './certificates.js';
import type { IssuedIdentity } from './certificates.js';
import { Membership } from './membership.js';
import { signLowS } from './signature.js';

const data = Buffer.from('signed');
let membership: Membership;
let member: IssuedIdentity;

beforeAll(async () => {
  const authority = await createAuthority('ca', 'org1');
  const issuer = await CertificateIssuer.open(authority);
  member = await issuer.issueWithNewKey({ commonName: 'member', organizationalUnits: ['client'] });
  const { certificatePem } = authority;
  membership = new Membership([{ mspId: 'Org1MSP', section: 'application', certificatePem }]);
});

/** The member's identity, followed by an unknown field. */
function identity(padding: number): Uint8Array {
  const serialized = new msp.SerializedIdentity();
  serialized.setMspid('Org1MSP');
  serialized.setIdBytes(Buffer.from(member.certificatePem));
  const field = padding === 0 ? [] : [Buffer.from([0x7a, padding]), Buffer.alloc(padding)];
  return Buffer.concat([serialized.serializeBinary(), ...field]);
}

describe('Membership', () => {
  it('keeps nothing of an identity whose key has signed nothing', () => {
    const found = membership.find(identity(0));
    expect(found).toMatchObject({ mspId: 'Org1MSP', role: 'client' });
    expect(found!.verifies(data, Buffer.from('no signature'))).toBe(false);
    expect(membership.find(identity(0))).not.toBe(found);
  });

  it('keeps a member once, however its identity is written, when its signature was verified', () => {
    const signature = signLowS(createPrivateKey(member.privateKeyPem), data);
    const found = membership.find(identity(0))!;
    expect(found.verifies(data, signature)).toBe(true);
    expect(membership.find(identity(0))).toBe(found);
    expect(membership.find(identity(100))).toBe(found);
  });

  it('knows no certificate of a million bytes', () => {
    const large = new msp.SerializedIdentity();
    large.setMspid('Org1MSP');
    large.setIdBytes(Buffer.concat([Buffer.alloc(1_100_000, '\n'), Buffer.from(member.certificatePem)]));
    expect(membership.find(large.serializeBinary())).toBeUndefined();
  });

  it('does not take one organisation’s certificate for another’s', async () => {
    const other = await createAuthority('ca', 'org2');
    const both = new Membership([
      { mspId: 'Org1MSP', section: 'application', certificatePem: other.certificatePem },
    ]);
    expect(both.find(identity(0))).toBeUndefined();
  });
});
