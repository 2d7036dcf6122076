import { X509Certificate } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
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

export function callerOf(context: Context): Caller {
  const { clientIdentity } = context;
  const granted = clientIdentity.getAttributeValue(rolesAttribute);
  return {
    mspId: clientIdentity.getMSPID(),
    identity: identityOf(clientIdentity.getMSPID(), clientIdentity.getID()),
    certifiedRoles: granted === null ? null : parseRoles(granted),
    attribute: (name) => clientIdentity.getAttributeValue(name),
    isAdministrator: () =>
      clientIdentity.assertAttributeValue(administratorAttribute, 'true') ||
      unitsOf(clientIdentity.getIDBytes()).includes('admin'),
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
