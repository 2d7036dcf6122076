import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { verifyLowS } from './signature.js';

/** What a certificate's holder may be to Fabric; exactly one organizational unit of it says so. */
type MemberRole = 'client' | 'peer' | 'admin' | 'orderer';

const ROLES: readonly MemberRole[] = ['client', 'peer', 'admin', 'orderer'];
const MOST_CACHED_MEMBERS = 10_000;

/** Where the channel's configuration names an organisation: who transacts, or who orders. */
export type Section = 'application' | 'orderer';

/** The holder of an X.509 certificate, as the channel sees it. */
export interface Member {
  readonly mspId: string;
  readonly section: Section;
  /** Undefined for an authority's own certificate, or one that names no single role. */
  readonly role: MemberRole | undefined;
  readonly expiresAt: Date;
  verifies(data: Uint8Array, signature: Uint8Array): boolean;
}

export interface MembershipRoot {
  readonly mspId: string;
  readonly section: Section;
  readonly certificatePem: string;
}

interface Root {
  readonly section: Section;
  readonly certificate: X509Certificate;
}

/** Knows the roots of all organisations of the channel and judges serialised identities by them. */
export class Membership {
  private readonly roots: ReadonlyMap<string, Root>;
  private readonly members = new Map<string, Member>();

  constructor(roots: readonly MembershipRoot[]) {
    this.roots = new Map(
      roots.map(({ mspId, section, certificatePem }) => [
        mspId,
        { section, certificate: new X509Certificate(certificatePem) },
      ]),
    );
  }

  /** The member of a serialised identity; undefined where its certificate is not of a root of the channel. */
  find(serialized: Uint8Array): Member | undefined {
    const key = Buffer.from(serialized.buffer, serialized.byteOffset, serialized.byteLength).toString(
      'latin1',
    );
    const known = this.members.get(key);
    if (known !== undefined) return known;
    const member = this.read(serialized);
    if (member === undefined) return undefined;
    if (this.members.size >= MOST_CACHED_MEMBERS) this.members.clear();
    this.members.set(key, member);
    return member;
  }

  private read(serialized: Uint8Array): Member | undefined {
    try {
      const identity = msp.SerializedIdentity.deserializeBinary(serialized);
      const root = this.roots.get(identity.getMspid());
      if (root === undefined) return undefined;
      const certificate = new X509Certificate(identity.getIdBytes_asU8());
      const issuer = root.certificate;
      if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return undefined;
      return new CertificateMember(identity.getMspid(), root.section, certificate);
    } catch {
      return undefined;
    }
  }
}

class CertificateMember implements Member {
  readonly role: MemberRole | undefined;
  readonly expiresAt: Date;
  private readonly publicKey: KeyObject;

  constructor(
    readonly mspId: string,
    readonly section: Section,
    certificate: X509Certificate,
  ) {
    this.publicKey = certificate.publicKey;
    this.expiresAt = certificate.validToDate;
    this.role = certificate.ca ? undefined : roleOf(certificate);
  }

  verifies(data: Uint8Array, signature: Uint8Array): boolean {
    return this.publicKey.asymmetricKeyType === 'ec' && verifyLowS(this.publicKey, data, signature);
  }
}

function roleOf(certificate: X509Certificate): MemberRole | undefined {
  const units = certificate.subject
    .split('\n')
    .filter((line) => line.startsWith('OU='))
    .map((line) => line.slice('OU='.length));
  const roles = ROLES.filter((role) => units.includes(role));
  return roles.length === 1 ? roles[0] : undefined;
}
