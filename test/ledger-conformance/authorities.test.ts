import { createPrivateKey, X509Certificate } from 'node:crypto';
import FabricCAClient from 'fabric-ca-client';
import { User } from 'fabric-common';
import type { ICryptoKeyStore } from 'fabric-common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionForEachCall } from '../support/caConnections.js';
import { text, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { hasAuthority, openNetwork } from './support/network.js';

/** Keeps no key: the suite holds those it needs, and none is to reach the disk. */
const forgetfulStore: ICryptoKeyStore = {
  getKey: () => Promise.reject(new Error('no key is kept')),
  putKey: (key) => Promise.resolve(key),
};

describe.runIf(hasAuthority)('a Fabric CA', () => {
  let under: NetworkUnderTest;
  let authority: FabricCAClient;
  let registrar: User;
  const cryptoSuite = User.newCryptoSuite();

  connectionForEachCall();

  beforeAll(async () => {
    under = await openNetwork();
    cryptoSuite.setCryptoKeyStore(forgetfulStore);
    const { url, name, secret, tlsRoot } = under.authority!;
    const tls = tlsRoot === undefined ? undefined : { trustedRoots: [tlsRoot], verify: true };
    authority = new FabricCAClient(url, tls, name, cryptoSuite);
    registrar = await userOf('admin', secret);
  });
  afterAll(async () => {
    await under?.close();
  });

  async function userOf(enrollmentID: string, enrollmentSecret: string): Promise<User> {
    const { certificate, key } = await authority.enroll({ enrollmentID, enrollmentSecret });
    const user = new User(enrollmentID);
    user.setCryptoSuite(cryptoSuite);
    await user.setEnrollment(key, certificate, under.identity.mspId);
    return user;
  }

  /** What the contract sees of the holder of a certificate. */
  async function seen(certificate: string, key: { toBytes(): string }): Promise<unknown> {
    const identity = { mspId: under.identity.mspId, credentials: Buffer.from(certificate) };
    const gateway = under.connectAs(identity, createPrivateKey(key.toBytes()));
    const contract = gateway.getNetwork(under.channel).getContract(under.chaincode);
    const creator: unknown = JSON.parse(text(await contract.submitTransaction('creator')));
    gateway.close();
    return creator;
  }

  it('enrols a member whom the channel admits and whose attributes the contract sees', async () => {
    const enrollmentID = uniquePrefix();
    const attrs = [{ name: 'role', value: 'auditor', ecert: true }];
    const enrollmentSecret = await authority.register({ enrollmentID, affiliation: '', attrs }, registrar);
    const { certificate, key } = await authority.enroll({ enrollmentID, enrollmentSecret });
    expect(new X509Certificate(certificate).subject).toContain(`CN=${enrollmentID}`);
    expect(await seen(certificate, key)).toMatchObject({ mspId: under.identity.mspId, role: 'auditor' });
  });

  it('leaves an attribute out of the certificate that was not registered for it', async () => {
    const enrollmentID = uniquePrefix();
    const attrs = [{ name: 'role', value: 'auditor', ecert: false }];
    const enrollmentSecret = await authority.register({ enrollmentID, affiliation: '', attrs }, registrar);
    const { certificate, key } = await authority.enroll({ enrollmentID, enrollmentSecret });
    expect(await seen(certificate, key)).toMatchObject({ role: '' });
  });

  it('enrols again with the attributes that are asked for', async () => {
    const enrollmentID = uniquePrefix();
    const attrs = [{ name: 'role', value: 'auditor', ecert: false }];
    const enrollmentSecret = await authority.register({ enrollmentID, affiliation: '', attrs }, registrar);
    const member = await userOf(enrollmentID, enrollmentSecret);
    const { certificate, key } = await authority.reenroll(member, [{ name: 'role', optional: false }]);
    expect(await seen(certificate, key)).toMatchObject({ role: 'auditor' });
  });

  it('refuses a wrong secret, and a second registration of one name', async () => {
    const enrollmentID = uniquePrefix();
    await authority.register({ enrollmentID, affiliation: '' }, registrar);
    await expect(authority.enroll({ enrollmentID, enrollmentSecret: 'wrong' })).rejects.toThrow(/Auth/);
    await expect(authority.register({ enrollmentID, affiliation: '' }, registrar)).rejects.toThrow(
      `Identity '${enrollmentID}' is already registered`,
    );
  });

  it('lets none but a registrar register', async () => {
    const enrollmentID = uniquePrefix();
    const enrollmentSecret = await authority.register({ enrollmentID, affiliation: '' }, registrar);
    const member = await userOf(enrollmentID, enrollmentSecret);
    const attempt = authority.register({ enrollmentID: uniquePrefix(), affiliation: '' }, member);
    await expect(attempt).rejects.toThrow(/Auth/);
  });
});
