/** Identities from a Fabric CA. A sub-export of its own: its X.509 library is loaded only when a key is to be certified. */
export { enrol, reenrol, register } from './enrolment/enrolment.js';
export type { CertificateAuthority } from './enrolment/caCall.js';
export type { EnrolmentRequest, Registration, RegistrationRequest } from './enrolment/enrolment.js';
export type { LedgerIdentity } from './ledger/identity.js';
