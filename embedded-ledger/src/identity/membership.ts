import { createHash, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { BoundedCache } from '../boundedCache.js';
import { verifyLowS } from './signature.js';
import { subjectValues } from './subject.js';

/** The role of a certificate's holder in Fabric. Exactly one organizational unit of the certificate names it. */
type MemberRole = 'client' | 'peer' | 'admin' | 'orderer';

const ROLES: readonly MemberRole[] = ['client', 'peer', 'admin', 'orderer'];
/** Far more than a certificate needs, even one with many attributes. */
const MAX_CERTIFICATE_BYTES = 1024 * 1024;
const MAX_CACHED_BYTES = 16 * 1024 * 1024;
/** The size of a cached member: a public key, a date and the hash that identifies it. */
const MEMBER_BYTES = 4096;

/** The section of the channel's configuration that names an organisation: application or orderer. */
export type Section = 'application' | 'orderer';

/** The holder of an X.509 certificate, as the channel sees it. */
export interface Member {
  readonly mspId: string;
  readonly section: Section;
  /** Undefined for an authority's own certificate, or one without exactly one role. */
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

/**
 * Knows the roots of all organisations of the channel and checks serialised identities against them. It caches a member
 * by MSP and certificate once it has verified a signature of the member's key, so unsigned identities use no memory.
 */
export class Membership {
  private readonly roots: ReadonlyMap<string, Root>;
  private readonly members = new BoundedCache<string, Member>(MAX_CACHED_BYTES);

  constructor(roots: readonly MembershipRoot[]) {
    this.roots = new Map(
      roots.map(({ mspId, section, certificatePem }) => [
        mspId,
        { section, certificate: new X509Certificate(certificatePem) },
      ]),
    );
  }

  /** The member of a serialised identity; undefined if no root of the channel issued its certificate. */
  find(serialized: Uint8Array): Member | undefined {
    try {
      const identity = msp.SerializedIdentity.deserializeBinary(serialized);
      return this.member(identity.getMspid(), identity.getIdBytes_asU8());
    } catch {
      return undefined;
    }
  }

  private member(mspId: string, certificateBytes: Uint8Array): Member | undefined {
    const root = this.roots.get(mspId);
    if (root === undefined || certificateBytes.length > MAX_CERTIFICATE_BYTES) return undefined;
    const key = createHash('sha256').update(`${mspId}\0`).update(certificateBytes).digest('base64');
    const known = this.members.get(key);
    if (known !== undefined) return known;
    const certificate = new X509Certificate(certificateBytes);
    const issuer = root.certificate;
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return undefined;
    return new CertificateMember(mspId, root.section, certificate, (member) => {
      this.members.set(key, member, MEMBER_BYTES);
    });
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
    private readonly onVerified: (member: Member) => void,
  ) {
    this.publicKey = certificate.publicKey;
    this.expiresAt = certificate.validToDate;
    this.role = certificate.ca ? undefined : roleOf(certificate);
  }

  verifies(data: Uint8Array, signature: Uint8Array): boolean {
    const verified = verifyLowS(this.publicKey, data, signature);
    if (verified) this.onVerified(this);
    return verified;
  }
}

function roleOf(certificate: X509Certificate): MemberRole | undefined {
  const units = subjectValues(certificate, 'OU');
  const roles = ROLES.filter((role) => units.includes(role));
  return roles.length === 1 ? roles[0] : undefined;
}
