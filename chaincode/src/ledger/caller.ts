import { X509Certificate } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { administratorAttribute, identityOf, role, rolesAttribute, type Role } from '../domain/index.js';

/** Who signed the proposal, as far as its certificate tells. */
export interface Caller {
  readonly mspId: string;
  /** Same for a renewed certificate: MSP id, subject and issuer. */
  readonly identity: string;
  /** Roles that the certificate grants, null where it does not say; unknown names grant nothing. */
  readonly certifiedRoles: readonly Role[] | null;
  attribute(name: string): string | null;
  /** Asked by few transactions, and takes a look into the certificate. */
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

/** Organisational units of the subject, field by field: a name with slashes in it cannot pretend to be one. */
function unitsOf(pem: Uint8Array): readonly string[] {
  const subject = new X509Certificate(Buffer.from(pem)).toLegacyObject().subject as unknown;
  const unit = (subject as Readonly<Record<string, string | string[] | undefined>>).OU;
  return unit === undefined ? [] : [unit].flat();
}
