import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { type LedgerIdentity, checkIdentity } from '../ledger/identity.js';
import { byIdentity, bySecret } from './authorization.js';
import { type CaCall, type CertificateAuthority, callCa } from './caCall.js';

/** What `enrol` needs. */
export interface EnrolmentRequest {
  /** The CA that certifies. */
  readonly ca: CertificateAuthority;
  /** The MSP id of the organisation whose CA it is. */
  readonly mspId: string;
  /** The name that the CA has the member under. */
  readonly enrolmentId: string;
  /** What the registrar gave; it serves once, unless the registrar said otherwise. */
  readonly secret: string;
  /** Names of attributes that the certificate must carry. */
  readonly attributes?: readonly string[] | undefined;
  /** Stops waiting; the call then fails with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** What `register` needs. */
export interface RegistrationRequest {
  /** The CA that is told. */
  readonly ca: CertificateAuthority;
  /** An identity that the CA lets register others. */
  readonly registrar: LedgerIdentity;
  /** The name that the CA is to have the member under. */
  readonly enrolmentId: string;
  /** Chosen by the CA if absent. */
  readonly secret?: string | undefined;
  /** A part of the organisation, by the words of its CA. */
  readonly affiliation?: string | undefined;
  /** `ecert: true` puts an attribute into every certificate without being asked for. */
  readonly attributes?:
    | readonly {
        /** Such as `veritrain.roles`. */
        readonly name: string;
        /** Its text. */
        readonly value: string;
        /** Whether every certificate has it. */
        readonly ecert?: boolean;
      }[]
    | undefined;
  /** How often the secret may be used: once if absent, -1 for any number of times. */
  readonly maxEnrolments?: number | undefined;
  /** Stops waiting; the call then fails with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** A member that a CA knows of. */
export interface Registration {
  /** The name that the CA has the member under. */
  readonly enrolmentId: string;
  /** Whoever has it can enrol under this id: hand it over in private. */
  readonly secret: string;
}

/**
 * Makes a P-256 key pair and has the CA certify it.
 *
 * @throws ENROLMENT_FAILED with what the CA said; ABORTED, and then the CA may have used up the secret.
 */
export async function enrol(request: EnrolmentRequest): Promise<LedgerIdentity> {
  const { ca, mspId, enrolmentId, secret, attributes, signal } = request;
  const wanted = attributes?.map((name) => ({ name, optional: false }));
  return certified(enrolmentId, mspId, wanted, {
    doing: `enrol ${enrolmentId}`,
    ca,
    endpoint: 'enroll',
    authorization: bySecret(enrolmentId, secret),
    signal,
  });
}

/**
 * Tells the CA of a new member and its attributes; the member enrols with the secret that comes back.
 *
 * @throws ENROLMENT_FAILED, ABORTED, IDENTITY_INVALID.
 */
export async function register(request: RegistrationRequest): Promise<Registration> {
  const { ca, registrar, enrolmentId, secret, affiliation = '', attributes, maxEnrolments, signal } = request;
  const answer = await callCa(
    {
      doing: `register ${enrolmentId}`,
      ca,
      endpoint: 'register',
      body: { id: enrolmentId, secret, affiliation, max_enrollments: maxEnrolments ?? 1, attrs: attributes },
      authorization: byIdentity(registrar),
      signal,
    },
    z.object({ secret: z.string() }),
  );
  return { enrolmentId, secret: answer.secret };
}

/**
 * A new certificate and key for the same member, before the old certificate expires. Subject and issuer stay, so the
 * market knows the member by its renewed certificate.
 *
 * @throws ENROLMENT_FAILED, ABORTED, IDENTITY_INVALID.
 */
export async function reenrol(request: {
  readonly ca: CertificateAuthority;
  readonly identity: LedgerIdentity;
  readonly signal?: AbortSignal | undefined;
}): Promise<LedgerIdentity> {
  const { ca, signal } = request;
  const identity = checkIdentity(request.identity);
  const { subject } = new X509Certificate(identity.certificatePem);
  const enrolmentId = /^CN=(.*)$/m.exec(subject)?.[1] ?? '';
  return certified(enrolmentId, identity.mspId, undefined, {
    doing: `renew the certificate of ${enrolmentId}`,
    ca,
    endpoint: 'reenroll',
    authorization: byIdentity(identity),
    signal,
  });
}

const certificateAnswer = z.object({ Cert: z.base64() });

async function certified(
  enrolmentId: string,
  mspId: string,
  attributes: readonly { readonly name: string; readonly optional: boolean }[] | undefined,
  call: Omit<CaCall, 'body'>,
): Promise<LedgerIdentity> {
  const { newSigningRequest } = await import('./signingRequest.js');
  const { requestPem, privateKeyPem } = await newSigningRequest(enrolmentId);
  const body = { certificate_request: requestPem, attr_reqs: attributes };
  const { Cert } = await callCa({ ...call, body }, certificateAnswer);
  return { mspId, certificatePem: Buffer.from(Cert, 'base64').toString(), privateKeyPem };
}
