import { randomBytes, X509Certificate } from 'node:crypto';
import type { Organization } from '../identity/organizations.js';
import type { CertificateIssuer } from '../identity/certificates.js';
import type { SignedHttpRequest } from './authorizationToken.js';
import { authenticateToken, readBasicAuthorization } from './authorizationToken.js';
import { authenticationFailure, authorizationFailure, CaError } from './caError.js';
import type { EnrollmentRequest, RegistrationRequest } from './caRequests.js';
import { readEnrollment, readRegistration } from './caRequests.js';
import type { IdentityAttribute, IdentityRecord, IdentityRegistry, NewIdentity } from './identityRegistry.js';
import { KeyedMutex } from './keyedMutex.js';

/** The Fabric CA version that these answers imitate. */
const VERSION = '1.5.21';
const ENROLMENT_VALID_FOR_MS = 365 * 24 * 3_600_000;
/** The limit of X.509. As in Fabric CA, longer names can be registered but get no certificate. */
const MAX_COMMON_NAME_BYTES = 64;

/** An HTTP request to one authority, with its parsed body. */
export interface CaRequest extends SignedHttpRequest {
  readonly json: unknown;
}

/** One organisation's certificate authority: registers identities and signs their certificates. */
export class CertificateAuthority {
  readonly name: string;
  private readonly root: X509Certificate;
  private readonly chain: string;
  private readonly enrolling = new KeyedMutex();
  private issuer: Promise<CertificateIssuer> | undefined;

  constructor(
    private readonly organization: Organization,
    private readonly registry: IdentityRegistry,
  ) {
    this.name = `ca-${organization.name}`;
    this.root = new X509Certificate(organization.authority.certificatePem);
    this.chain = Buffer.from(organization.authority.certificatePem).toString('base64');
  }

  info(): Record<string, string> {
    return { ...this.serverInfo(), IssuerPublicKey: '', IssuerRevocationPublicKey: '', Version: VERSION };
  }

  async register(request: CaRequest): Promise<Record<string, unknown>> {
    const caller = this.callerOf(request);
    const registration = readRegistration(request.json);
    checkMayRegister(caller.record, registration);
    const { id } = registration;
    if (this.registry.find(this.name, id) !== undefined) {
      throw new CaError(409, 74, `Registration of '${id}' failed: Identity '${id}' is already registered`);
    }
    const identity = newIdentity(registration, caller.record);
    await this.registry.add(this.name, id, identity);
    return { secret: identity.secret };
  }

  async enroll(request: CaRequest): Promise<Record<string, unknown>> {
    const { id, secret } = readBasicAuthorization(request.authorization);
    const record = this.registry.find(this.name, id);
    if (record === undefined || !(await this.registry.secretMatches(record, secret)))
      throw authenticationFailure();
    // An enrolment counts once it is signed, as in Fabric CA. Concurrent enrolments of one id run one after another.
    return this.enrolling.run(id, () => this.enrollOnce(id, readEnrollment(request.json)));
  }

  private async enrollOnce(id: string, request: EnrollmentRequest): Promise<Record<string, unknown>> {
    const record = this.registry.find(this.name, id);
    if (record === undefined) throw authenticationFailure();
    if (record.maxEnrollments >= 0 && record.enrollments >= record.maxEnrollments)
      throw authenticationFailure();
    const answer = await this.sign(id, record, request);
    await this.registry.countEnrollment(this.name, id, record);
    return answer;
  }

  async reenroll(request: CaRequest): Promise<Record<string, unknown>> {
    const { id, record } = this.callerOf(request);
    return this.sign(id, record, readEnrollment(request.json));
  }

  private callerOf(request: CaRequest): { id: string; record: IdentityRecord } {
    const id = authenticateToken(request, this.root);
    const record = this.registry.find(this.name, id);
    if (record === undefined) throw authenticationFailure();
    return { id, record };
  }

  private async sign(
    id: string,
    record: IdentityRecord,
    request: EnrollmentRequest,
  ): Promise<Record<string, unknown>> {
    const { CertificateIssuer, readSigningRequest } = await import('../identity/certificates.js');
    this.issuer ??= CertificateIssuer.open(this.organization.authority);
    const signing = await readSigningRequest(request.certificate_request);
    if (signing === undefined) throw new CaError(400, 31, 'CSR Decode failed');
    if (signing.commonName !== id) {
      throw new CaError(403, 77, 'The CSR subject common name must equal the enrollment ID');
    }
    if (Buffer.byteLength(id) > MAX_COMMON_NAME_BYTES) {
      const what = `The CN '${id}' exceeds the maximum character limit of ${String(MAX_COMMON_NAME_BYTES)}`;
      throw new CaError(400, 80, `CSR input validation failed: ${what}`);
    }
    const issuer = await this.issuer;
    const certificate = await issuer.issue({
      commonName: id,
      organizationalUnits: [record.type, ...record.affiliation.split('.').filter((part) => part !== '')],
      publicKey: signing.publicKey,
      hosts: signing.hosts,
      attributes: certificateAttributes(id, record, request),
      validForMs: ENROLMENT_VALID_FOR_MS,
    });
    return { Cert: Buffer.from(certificate).toString('base64'), ServerInfo: this.serverInfo() };
  }

  private serverInfo(): Record<string, string> {
    return { CAName: this.name, CAChain: this.chain };
  }
}

/** Defaults for missing fields: a random secret, the registrar's type, no affiliation, no limit of enrolments. */
function newIdentity(registration: RegistrationRequest, registrar: IdentityRecord): NewIdentity {
  const attributes = (registration.attrs ?? []).map(({ name, value, ecert }) => ({
    name,
    value,
    ecert: ecert === true,
  }));
  return {
    secret: orElse(registration.secret, randomBytes(12).toString('base64url')),
    type: orElse(registration.type, registrar.type),
    affiliation: registration.affiliation === '.' ? '' : orElse(registration.affiliation, ''),
    attributes,
    maxEnrollments: registration.max_enrollments ?? -1,
    registrar: attributes.some(({ name }) => name === 'hf.Registrar.Roles'),
  };
}

function orElse(given: string | null | undefined, otherwise: string): string {
  return given === undefined || given === null || given === '' ? otherwise : given;
}

/** Only a registrar registers, and only its types. Only the authority's own registrar registers more registrars. */
function checkMayRegister(caller: IdentityRecord, registration: RegistrationRequest): void {
  const reserved = (registration.attrs ?? []).some(({ name }) => name.startsWith('hf.'));
  const isRoot = caller.attributes.some(
    ({ name, value }) => name === 'hf.Registrar.Attributes' && value === '*',
  );
  const roles = caller.attributes.find(({ name }) => name === 'hf.Registrar.Roles')?.value.split(',') ?? [];
  const isItsType = roles.includes('*') || roles.includes(orElse(registration.type, caller.type));
  if (!caller.registrar || !isItsType || (reserved && !isRoot)) throw authorizationFailure();
}

/** The requested attributes, or all attributes that belong in a certificate. */
function certificateAttributes(
  id: string,
  record: IdentityRecord,
  request: EnrollmentRequest,
): Record<string, string> {
  const own: IdentityAttribute[] = [
    { name: 'hf.EnrollmentID', value: id, ecert: true },
    { name: 'hf.Type', value: record.type, ecert: true },
    { name: 'hf.Affiliation', value: record.affiliation, ecert: true },
    ...record.attributes,
  ];
  const asked = request.attr_reqs ?? [];
  if (asked.length === 0) return toObject(own.filter(({ ecert }) => ecert));
  const missing = asked.filter(
    ({ name, optional }) => optional !== true && !own.some((attribute) => attribute.name === name),
  );
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new CaError(400, 81, `The following required attributes are missing: [${names}]`);
  }
  return toObject(own.filter(({ name }) => asked.some((request) => request.name === name)));
}

function toObject(attributes: readonly IdentityAttribute[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
}
