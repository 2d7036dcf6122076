/**
 * Identities from a Fabric CA. This is an entry of its own, so that only programs that enrol load the X.509 library.
 *
 * @module
 */
export { enrol, reenrol, register } from './enrolment/enrolment.js';
export type { CertificateAuthority } from './enrolment/caCall.js';
export type { EnrolmentRequest, Registration, RegistrationRequest } from './enrolment/enrolment.js';
export type { LedgerIdentity } from './ledger/identity.js';
