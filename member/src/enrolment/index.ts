/** Makes a profile: connection, certificate, keys, registration. @module */
export { requireParticipant } from '../profile/profileFile.js';
export { readConnection } from './connectionFile.js';
export type { Connection, NetworkConnection } from './connectionFile.js';
export type { CertificateAuthority, GatewayTls } from './connectionProfile.js';
export { createProfile } from './createProfile.js';
export type { CreateProfileInput } from './createProfile.js';
export { enrolMember, randomEnrolmentId, registrarOf } from './enrolMember.js';
export type { EnrolMemberInput, Registrar } from './enrolMember.js';
export { readFabricOrganization, readMarketEndpoint } from './marketEndpoint.js';
export type { FabricOrganizationInput, MarketEndpoint } from './marketEndpoint.js';
export { defaultCaName, domainOf, onlyDomain, readMspUser } from './mspUser.js';
export type { Credentials, MspUser } from './mspUser.js';
export { developmentNote, pinOrganizations, rootFingerprints } from './pinnedOrganizations.js';
export { registerParticipant } from './registerParticipant.js';
export type { RegisteredParticipant, RegisterParticipantInput } from './registerParticipant.js';
export { enrolmentIdIn, renewCertificate } from './renewCertificate.js';
export type { Renewal } from './renewCertificate.js';
export { readWalletIdentity } from './walletIdentity.js';
