import { X509Certificate } from 'node:crypto';
import { ClientIdentity as ShimIdentity } from 'fabric-shim';
import type { ChaincodeStub, ClientIdentity, SerializedIdentity } from 'fabric-shim-api';
import { administratorAttribute, identityOf, role, rolesAttribute, type Role } from '../domain/index.js';

/** The signer of the proposal, as its certificate describes it. */
export interface Caller {
  readonly mspId: string;
  /** MSP id, subject and issuer, so it stays the same when the certificate is renewed. */
  readonly identity: string;
  /** Roles that the certificate grants; null where it has no such attribute. Unknown names grant nothing. */
  readonly certifiedRoles: readonly Role[] | null;
  attribute(name: string): string | null;
  /** Parsed on demand, since few transactions need it. */
  isAdministrator(): boolean;
}

/** Callers by MSP id and certificate. Reading a certificate takes as long as a small transaction, and members call often. */
const known = new Map<string, Caller>();
const maxKnown = 200;

export function callerOf(stub: ChaincodeStub): Caller {
  const { mspid, idBytes } = stub.getCreator();
  const certificate = Buffer.from(idBytes);
  const key = `${mspid} ${certificate.toString('latin1')}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size === maxKnown) known.clear();
  const caller = readCaller({ mspid, idBytes: certificate });
  known.set(key, caller);
  return caller;
}

/** What fabric-shim asks of a stub to read who called. */
type CallingStub = Pick<ChaincodeStub, 'getCreator' | 'getChannelID' | 'getTxID'>;
/** It declares its own class of stub as the parameter. */
const ReadIdentity = ShimIdentity as unknown as new (stub: CallingStub) => ClientIdentity;

function readCaller(creator: SerializedIdentity): Caller {
  // An identity keeps its stub, and the transaction's stub has all that the caller sent, which may be megabytes.
  const identity = new ReadIdentity({
    getCreator: () => creator,
    getChannelID: () => '',
    getTxID: () => '',
  });
  const granted = identity.getAttributeValue(rolesAttribute);
  return {
    mspId: identity.getMSPID(),
    identity: identityOf(identity.getMSPID(), identity.getID()),
    certifiedRoles: granted === null ? null : parseRoles(granted),
    attribute: (name) => identity.getAttributeValue(name),
    isAdministrator: () =>
      identity.assertAttributeValue(administratorAttribute, 'true') ||
      unitsOf(identity.getIDBytes()).includes('admin'),
  };
}

const parseRoles = (granted: string): Role[] =>
  granted.split(/\s+/).flatMap((name) => {
    const known = role.safeParse(name);
    return known.success ? [known.data] : [];
  });

/** Organisational units of the subject, field by field, so slashes in a name cannot imitate a unit. */
function unitsOf(pem: Uint8Array): readonly string[] {
  const subject = new X509Certificate(Buffer.from(pem)).toLegacyObject().subject as unknown;
  const unit = (subject as Readonly<Record<string, string | string[] | undefined>>).OU;
  return unit === undefined ? [] : [unit].flat();
}
