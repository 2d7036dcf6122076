import 'reflect-metadata';
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto';
import { Name, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import FabricCAClient from 'fabric-ca-client';
import { User } from 'fabric-common';
import type { ICryptoKeyStore } from 'fabric-common';
import { uniquePrefix } from './calls.js';
import type { NetworkUnderTest } from './network.js';

type Registration = Partial<FabricCAClient.IRegisterRequest>;

/** What an enrolment gives: the certificate as PEM, and its key. */
interface Enrolled {
  readonly certificate: string;
  readonly key: KeyObject;
}

/** Keeps no key: the suite holds those it needs, and none is to reach the disk. */
const forgetfulStore: ICryptoKeyStore = {
  getKey: () => Promise.reject(new Error('no key is kept')),
  putKey: (key) => Promise.resolve(key),
};

/** The genuine client of a Fabric CA, and its registrar. */
export class AuthorityUnderTest {
  private constructor(
    readonly client: FabricCAClient,
    private readonly mspId: string,
    private readonly cryptoSuite: ReturnType<typeof User.newCryptoSuite>,
    readonly registrar: User,
  ) {}

  static async open({ authority, identity }: NetworkUnderTest): Promise<AuthorityUnderTest> {
    const { url, name, secret, tlsRoot } = authority!;
    const tls = tlsRoot === undefined ? undefined : { trustedRoots: [tlsRoot], verify: true };
    const suite = User.newCryptoSuite();
    suite.setCryptoKeyStore(forgetfulStore);
    const client = new FabricCAClient(url, tls, name, suite);
    const admin = await userOf(client, suite, identity.mspId, 'admin', secret);
    return new AuthorityUnderTest(client, identity.mspId, suite, admin);
  }

  /** Registers a member. @returns its id and secret */
  async register(more: Registration = {}): Promise<{ id: string; secret: string }> {
    const id = more.enrollmentID ?? uniquePrefix();
    const request = { enrollmentID: id, affiliation: '', ...more };
    return { id, secret: await this.client.register(request, this.registrar) };
  }

  userOf(id: string, secret: string): Promise<User> {
    return userOf(this.client, this.cryptoSuite, this.mspId, id, secret);
  }

  /** Enrols with the client's own key and request. */
  async enrolByClient(id: string, secret: string): Promise<Enrolled> {
    const enrolment = { enrollmentID: id, enrollmentSecret: secret };
    const { certificate, key } = await this.client.enroll(enrolment);
    return { certificate, key: createPrivateKey(key.toBytes()) };
  }

  /** Enrols with a key on this curve, and a request that names the member as it is. */
  async enrol(id: string, secret: string, namedCurve = 'P-256'): Promise<Enrolled> {
    const hash = namedCurve === 'P-256' ? 'SHA-256' : 'SHA-384';
    const algorithm = { name: 'ECDSA', namedCurve, hash };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const name = new Name([{ CN: [{ utf8String: id }] }]);
    const request = await Pkcs10CertificateRequestGenerator.create(
      { name, keys, signingAlgorithm: algorithm },
      webcrypto,
    );
    const { certificate } = await this.client.enroll({
      enrollmentID: id,
      enrollmentSecret: secret,
      csr: request.toString('pem'),
    });
    return { certificate, key: KeyObject.from(keys.privateKey) };
  }
}

async function userOf(
  client: FabricCAClient,
  suite: ReturnType<typeof User.newCryptoSuite>,
  mspId: string,
  enrollmentID: string,
  enrollmentSecret: string,
): Promise<User> {
  const { certificate, key } = await client.enroll({ enrollmentID, enrollmentSecret });
  const user = new User(enrollmentID);
  user.setCryptoSuite(suite);
  await user.setEnrollment(key, certificate, mspId);
  return user;
}
