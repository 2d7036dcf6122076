import type FabricCAServices from 'fabric-ca-client';
import type { User } from 'fabric-common';
import { throwIfAborted } from '../errors/abort.js';
import { sdkError } from '../errors/veritrainError.js';
import type { LedgerIdentity } from '../ledger/identity.js';

/** Where a Fabric CA answers. */
export interface CertificateAuthority {
  /** Such as `http://127.0.0.1:7054`. */
  readonly url: string;
  /** The CA's name where one server answers for several. */
  readonly name?: string | undefined;
  /** PEM of the root that the CA's TLS certificate must chain to. */
  readonly tlsRootPem?: string | undefined;
}

export interface EnrolmentRequest {
  readonly ca: CertificateAuthority;
  readonly mspId: string;
  readonly enrolmentId: string;
  readonly secret: string;
  /** Names of attributes that the certificate must carry. */
  readonly attributes?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RegistrationRequest {
  readonly ca: CertificateAuthority;
  /** An identity that the CA lets register others. */
  readonly registrar: LedgerIdentity;
  readonly enrolmentId: string;
  /** Chosen by the CA if absent. */
  readonly secret?: string | undefined;
  readonly affiliation?: string | undefined;
  /** `ecert: true` puts an attribute into every certificate without being asked for. */
  readonly attributes?:
    readonly { readonly name: string; readonly value: string; readonly ecert?: boolean }[] | undefined;
  /** How often the secret may be used; the CA's own limit if absent. */
  readonly maxEnrolments?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Registration {
  readonly enrolmentId: string;
  /** Whoever has it can enrol under this id: hand it over in private. */
  readonly secret: string;
}

/**
 * Makes a P-256 key pair and has the CA certify it.
 *
 * @throws ENROLMENT_FAILED with the CA's words as cause, ABORTED.
 */
export async function enrol(request: EnrolmentRequest): Promise<LedgerIdentity> {
  const { ca, mspId, enrolmentId, secret, attributes, signal } = request;
  return asking(`enrol ${enrolmentId} at`, ca, signal, async ({ services }) => {
    const attr_reqs = attributes?.map((name) => ({ name, optional: false }));
    const answer = await services.enroll({
      enrollmentID: enrolmentId,
      enrollmentSecret: secret,
      ...(attr_reqs === undefined ? {} : { attr_reqs }),
    });
    return { mspId, certificatePem: answer.certificate, privateKeyPem: answer.key.toBytes() };
  });
}

/**
 * Tells the CA of a new member and its attributes; the member enrols with the secret that comes back.
 *
 * @throws ENROLMENT_FAILED, ABORTED.
 */
export async function register(request: RegistrationRequest): Promise<Registration> {
  const { ca, registrar, enrolmentId, secret, affiliation = '', attributes, maxEnrolments, signal } = request;
  return asking(`register ${enrolmentId} at`, ca, signal, async ({ services, userOf }) => {
    const answered = await services.register(
      {
        enrollmentID: enrolmentId,
        affiliation,
        ...(secret === undefined ? {} : { enrollmentSecret: secret }),
        ...(maxEnrolments === undefined ? {} : { maxEnrollments: maxEnrolments }),
        ...(attributes === undefined ? {} : { attrs: [...attributes] }),
      },
      userOf(registrar),
    );
    return { enrolmentId, secret: answered };
  });
}

/**
 * A new certificate and key for the same member, before the old certificate expires. Subject and issuer stay, so the
 * market knows the member by its renewed certificate.
 *
 * @throws ENROLMENT_FAILED, ABORTED.
 */
export async function reenrol(request: {
  readonly ca: CertificateAuthority;
  readonly identity: LedgerIdentity;
  readonly signal?: AbortSignal | undefined;
}): Promise<LedgerIdentity> {
  const { ca, identity, signal } = request;
  return asking('renew a certificate at', ca, signal, async ({ services, userOf }) => {
    const answer = await services.reenroll(userOf(identity), []);
    return { mspId: identity.mspId, certificatePem: answer.certificate, privateKeyPem: answer.key.toBytes() };
  });
}

interface Client {
  readonly services: FabricCAServices;
  userOf(identity: LedgerIdentity): User;
}

async function asking<T>(
  doing: string,
  ca: CertificateAuthority,
  signal: AbortSignal | undefined,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  try {
    const answer = await ask(await clientOf(ca));
    throwIfAborted(signal);
    return answer;
  } catch (cause) {
    throwIfAborted(signal);
    throw sdkError('VT8501', `Could not ${doing} ${ca.url}.`, {
      facts: { url: ca.url, ca: ca.name ?? '' },
      cause,
    });
  }
}

const answerMs = 30_000;

/** A static method of the client that its types leave out. */
const hasSettings = (of: object): of is { setConfigSetting(name: string, value: number): void } =>
  'setConfigSetting' in of;

async function clientOf({ url, name, tlsRootPem }: CertificateAuthority): Promise<Client> {
  const [{ default: Services }, { User: CaUser }] = await Promise.all([
    import('fabric-ca-client'),
    import('fabric-common'),
  ]);
  const tls = tlsRootPem === undefined ? undefined : { trustedRoots: [tlsRootPem], verify: true };
  // fabric-ca-client takes three silent seconds for a lost connection, also where this process or the CA is only busy.
  if (hasSettings(Services)) Services.setConfigSetting('connection-timeout', answerMs);
  return {
    services: new Services(url, tls, name),
    userOf: ({ mspId, certificatePem, privateKeyPem }) =>
      CaUser.createUser('caller', '', mspId, certificatePem, privateKeyPem),
  };
}
