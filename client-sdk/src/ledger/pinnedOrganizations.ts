import { X509Certificate, verify, type KeyObject } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { votesNeeded } from '@veritrain/chaincode/domain';
import { sdkError } from '../errors/veritrainError.js';
import type { SignedAnswer } from './preparedTransaction.js';

/** An organisation of the channel as a member's profile pins it. */
export interface PinnedOrganization {
  /** Its MSP id. */
  readonly mspId: string;
  /** Its root and intermediate certificates, PEM. */
  readonly rootCertificatesPem: readonly string[];
  /** The organisational unit in its peers' certificates (`peer`); absent where its certificates tell no roles. */
  readonly peerUnit?: string | undefined;
}

/** Certificates whose chain was checked. A channel has a few peers; a gateway that sends many more gains nothing. */
const maxRememberedEndorsers = 256;

/**
 * The organisations that a member knows from its own profile, and no gateway can talk it out of. An answer is endorsed
 * when a majority of them signed it, which is also what the market's contract asks for (protocol, rule 11).
 */
export class PinnedOrganizations {
  /** The fewest organisations whose signatures make an answer an endorsed one. */
  readonly majority: number;
  readonly mspIds: readonly string[];
  readonly #organizations: ReadonlyMap<string, Authority>;
  readonly #endorsers = new Map<string, Endorser>();

  /** @throws Error for a certificate that cannot be read */
  constructor(organizations: readonly PinnedOrganization[]) {
    this.mspIds = organizations.map(({ mspId }) => mspId);
    this.majority = votesNeeded(organizations.length);
    this.#organizations = new Map(
      organizations.map(({ mspId, rootCertificatesPem, peerUnit }) => [
        mspId,
        { roots: rootCertificatesPem.map((pem) => new X509Certificate(pem)), peerUnit },
      ]),
    );
  }

  /**
   * The organisations (MSP ids) whose peers signed an answer.
   *
   * @throws ENDORSER_UNKNOWN unless every endorsement is a valid signature of a peer of a pinned organisation.
   */
  signersOf({ signed, endorsements }: SignedAnswer, transactionId: string): ReadonlySet<string> {
    const signers = new Set<string>();
    for (const { endorser: identity, signature } of endorsements) {
      const endorser = this.#endorserOf(identity);
      const isSigned =
        endorser.key !== undefined &&
        verify('sha256', Buffer.concat([signed, identity]), endorser.key, signature);
      if (!isSigned) throw unknownEndorser(endorser.mspId, this.mspIds, transactionId);
      signers.add(endorser.mspId);
    }
    return signers;
  }

  #endorserOf(identity: Uint8Array): Endorser {
    const name = Buffer.from(identity.buffer, identity.byteOffset, identity.byteLength).toString('latin1');
    const remembered = this.#endorsers.get(name);
    if (remembered !== undefined) return remembered;
    const endorser = this.#check(identity);
    if (endorser.key === undefined) return endorser;
    if (this.#endorsers.size >= maxRememberedEndorsers) this.#endorsers.clear();
    this.#endorsers.set(name, endorser);
    return endorser;
  }

  #check(identity: Uint8Array): Endorser {
    try {
      const serialized = msp.SerializedIdentity.deserializeBinary(identity);
      const mspId = serialized.getMspid();
      const authority = this.#organizations.get(mspId);
      const certificate = new X509Certificate(serialized.getIdBytes_asU8());
      const isPeer = authority !== undefined && isPeerOf(authority, certificate);
      return { mspId, key: isPeer ? certificate.publicKey : undefined };
    } catch {
      return { mspId: '', key: undefined };
    }
  }
}

interface Authority {
  readonly roots: readonly X509Certificate[];
  readonly peerUnit: string | undefined;
}

/** `key` is undefined for whoever is no peer of a pinned organisation. */
interface Endorser {
  readonly mspId: string;
  readonly key: KeyObject | undefined;
}

/** Without the unit any member of an organisation, and not only its peers, could sign in its name. */
function isPeerOf({ roots, peerUnit }: Authority, certificate: X509Certificate): boolean {
  const units = certificate.subject.split('\n');
  if (certificate.ca || (peerUnit !== undefined && !units.includes(`OU=${peerUnit}`))) return false;
  return roots.some((root) => certificate.checkIssued(root) && certificate.verify(root.publicKey));
}

function unknownEndorser(mspId: string, pinned: readonly string[], transactionId: string): Error {
  const reason = 'An endorsement is no valid signature of a peer of an organisation that the profile pins.';
  const facts = { organization: mspId === '' ? null : mspId, pinned: pinned.join(', ') };
  return sdkError('VT8125', reason, { facts, transactionId });
}
