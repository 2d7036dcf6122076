import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { hash } from '@hyperledger/fabric-gateway';
import type { Gateway, Hash } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionForEachCall } from '../support/caConnections.js';
import { AuthorityUnderTest } from './support/authority.js';
import { failureOf, text, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { hasAuthority, openNetwork } from './support/network.js';

describe.runIf(hasAuthority)('a Fabric CA', () => {
  let under: NetworkUnderTest;
  let authority: AuthorityUnderTest;

  connectionForEachCall();

  beforeAll(async () => {
    under = await openNetwork();
    authority = await AuthorityUnderTest.open(under);
  });
  afterAll(async () => {
    await under?.close();
  });

  function connectedAs(certificate: string, key: KeyObject, hashing?: Hash): Gateway {
    const identity = { mspId: under.identity.mspId, credentials: Buffer.from(certificate) };
    return under.connectAs(identity, key, hashing);
  }

  /** What the contract sees of the holder of a certificate who submits a transaction. */
  async function seen(certificate: string, key: KeyObject, hashing?: Hash): Promise<unknown> {
    const gateway = connectedAs(certificate, key, hashing);
    try {
      const contract = gateway.getNetwork(under.channel).getContract(under.chaincode);
      return JSON.parse(text(await contract.submitTransaction('creator')));
    } finally {
      gateway.close();
    }
  }

  const denied = (): string =>
    `access denied: channel [${under.channel}] creator org [${under.identity.mspId}]`;

  it('enrols a member whom the channel admits and whose attributes the contract sees', async () => {
    const attrs = [{ name: 'role', value: 'auditor', ecert: true }];
    const { id, secret } = await authority.register({ attrs });
    const { certificate, key } = await authority.enrolByClient(id, secret);
    expect(new X509Certificate(certificate).subject).toContain(`CN=${id}`);
    expect(await seen(certificate, key)).toMatchObject({ mspId: under.identity.mspId, role: 'auditor' });
  });

  it('leaves an attribute out of the certificate that was not registered for it', async () => {
    const attrs = [{ name: 'role', value: 'auditor', ecert: false }];
    const { id, secret } = await authority.register({ attrs });
    const { certificate, key } = await authority.enrolByClient(id, secret);
    expect(await seen(certificate, key)).toMatchObject({ role: '' });
  });

  it('enrols again with the attributes that are asked for', async () => {
    const attrs = [{ name: 'role', value: 'auditor', ecert: false }];
    const { id, secret } = await authority.register({ attrs });
    const member = await authority.userOf(id, secret);
    const again = await authority.client.reenroll(member, [{ name: 'role', optional: false }]);
    expect(await seen(again.certificate, createPrivateKey(again.key.toBytes()))).toMatchObject({
      role: 'auditor',
    });
  });

  it('refuses a wrong secret, and a second registration of one name', async () => {
    const { id } = await authority.register();
    await expect(authority.enrol(id, 'wrong')).rejects.toThrow(/Auth/);
    await expect(authority.register({ enrollmentID: id })).rejects.toThrow(
      `Identity '${id}' is already registered`,
    );
  });

  it('lets none but a registrar register', async () => {
    const { id, secret } = await authority.register();
    const member = await authority.userOf(id, secret);
    const request = { enrollmentID: uniquePrefix(), affiliation: '' };
    await expect(authority.client.register(request, member)).rejects.toThrow(/Auth/);
  });

  it('lets a registrar register the types that it is given', async () => {
    const attrs = [{ name: 'hf.Registrar.Roles', value: 'client,user' }];
    const { id, secret } = await authority.register({ attrs });
    const member = await authority.userOf(id, secret);
    const register = (role: string): Promise<string> =>
      authority.client.register({ enrollmentID: uniquePrefix(), affiliation: '', role }, member);
    for (const type of ['client', 'user', '']) await register(type);
    for (const type of ['admin', 'peer', 'member']) await expect(register(type)).rejects.toThrow(/Auth/);
  });

  it.each([
    'a+b',
    'a b',
    'jürgen',
    '日本',
    'x,OU=admin',
    '"quoted"',
    'back\\slash',
    '#2',
    'a.b@c.d',
    '<a>;=*',
  ])('enrols a member of any name: %s', async (name) => {
    const { id, secret } = await authority.register({ enrollmentID: `${name} ${uniquePrefix()}` });
    const { certificate, key } = await authority.enrol(id, secret);
    const { subject } = new X509Certificate(certificate).toLegacyObject();
    expect(subject).toMatchObject({ OU: 'client', CN: id });
    expect(await seen(certificate, key)).toMatchObject({ id: expect.stringContaining(`CN=${id}`) });
  });

  it('registers a name that is too long for a certificate, and refuses to enrol it', async () => {
    for (const letter of ['x', 'ü']) {
      const { id, secret } = await authority.register({
        enrollmentID: `${uniquePrefix()}${letter.repeat(60)}`,
      });
      await expect(authority.enrol(id, secret)).rejects.toThrow(
        `CSR input validation failed: The CN '${id}' exceeds the maximum character limit of 64`,
      );
    }
  });

  it.each(['user', 'member', 'service+jürgen'])(
    'certifies a member of any type; none but Fabric’s may transact: %s',
    async (type) => {
      const { id, secret } = await authority.register({ role: type });
      const { certificate, key } = await authority.enrol(id, secret);
      expect(new X509Certificate(certificate).toLegacyObject().subject.OU).toBe(type);
      const failure = await failureOf(seen(certificate, key));
      expect(failure.details.join()).toContain(denied());
    },
  );

  it.each(['P-384', 'P-521'])('certifies a key on %s', async (curve) => {
    const { id, secret } = await authority.register();
    const { certificate } = await authority.enrol(id, secret, curve);
    expect(new X509Certificate(certificate).toLegacyObject().subject.CN).toBe(id);
  });

  it('enrols a member on P-384, whom the channel admits where it hashes as peers do, with SHA-256', async () => {
    const { id, secret } = await authority.register();
    const { certificate, key } = await authority.enrol(id, secret, 'P-384');
    const creator = await seen(certificate, key);
    expect(creator).toMatchObject({ id: expect.stringContaining(`CN=${id}`) });
    const failure = await failureOf(seen(certificate, key, hash.sha384));
    expect(failure.details.join()).toContain(denied());
  });
});
