/** Identities from a Fabric CA. A sub-export of its own: fabric-ca-client is large, and loaded only when a call is made. */
export { enrol, reenrol, register } from './enrolment/enrolment.js';
export type {
  CertificateAuthority,
  EnrolmentRequest,
  Registration,
  RegistrationRequest,
} from './enrolment/enrolment.js';
export type { LedgerIdentity } from './ledger/identity.js';
