import { X509Certificate } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type LoadedProfile, loadProfile } from '@veritrain/client-sdk';
import type { ActionContext } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import { MemberHome } from '../home/memberHome.js';
import { writeAtomically } from '../home/ownFiles.js';
import { changeProfile } from '../profile/profileFile.js';
import { authorityInProfile, type CertificateAuthority } from './connectionProfile.js';
import type { Credentials } from './mspUser.js';

/** A renewed certificate. */
export interface Renewal {
  /** The name in both certificates, under which the CA knows the member. */
  readonly enrolmentId: string;
  /** The end of the new certificate, ISO 8601 in UTC. */
  readonly validUntil: string;
  /** The end of the old certificate, ISO 8601 in UTC. */
  readonly before: string;
}

/**
 * Gives a profile a new key and a certificate of the same member: the market knows it by MSP id, subject and issuer. The old
 * certificate authorises the request; after its end, a new secret from the registrar does. The profile switches to the new
 * pair atomically and notes the CA; then the old pair's files are deleted.
 *
 * @throws CERTIFICATE_ENDED, OTHER_IDENTITY, PROFILE_UNKNOWN, ENROLMENT_FAILED, ABORTED; then nothing is changed
 */
export async function renewCertificate(
  home: MemberHome,
  ca: CertificateAuthority,
  { secret }: { secret?: string | undefined },
  { signal }: ActionContext,
): Promise<Renewal> {
  const identity = loadProfile(home.profilePath);
  const old = new X509Certificate(identity.certificatePem);
  const enrolmentId = enrolmentIdIn(identity);
  if (secret === undefined) refuseEnded(old, enrolmentId);
  const { enrol, reenrol } = await import('@veritrain/client-sdk/enrolment');
  const credentials =
    secret === undefined
      ? await reenrol({ ca, identity, signal })
      : await enrol({ ca, mspId: identity.mspId, enrolmentId, secret, signal });
  const certificate = new X509Certificate(credentials.certificatePem);
  refuseOther(old, certificate);
  await replaceCredentials(home, ca, credentials, certificate.serialNumber.toLowerCase());
  return { enrolmentId, validUntil: dateOf(certificate), before: dateOf(old) };
}

/** The common name in the certificate, under which the CA knows the member; empty if there is none. */
export const enrolmentIdIn = ({ certificatePem }: Pick<LoadedProfile, 'certificatePem'>): string =>
  /^CN=(.*)$/m.exec(new X509Certificate(certificatePem).subject)?.[1] ?? '';

const dateOf = ({ validTo }: X509Certificate): string => new Date(validTo).toISOString();

function refuseEnded(certificate: X509Certificate, enrolmentId: string): void {
  const until = dateOf(certificate);
  if (Date.parse(until) > Date.now()) return;
  throw memberError('VT9107', `The certificate of ${enrolmentId} ended on ${until.slice(0, 10)}.`, {
    facts: { enrolmentId, until },
  });
}

/** A certificate of another name or CA would make another member, with another participant. */
function refuseOther(old: X509Certificate, certificate: X509Certificate): void {
  if (certificate.subject === old.subject && certificate.issuer === old.issuer) return;
  const oneLine = (name: string): string => name.replaceAll('\n', ', ');
  const facts = {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    subjectBefore: oneLine(old.subject),
    issuerBefore: oneLine(old.issuer),
  };
  throw memberError('VT9108', 'The CA issued the new certificate to another identity than the old one.', {
    facts,
  });
}

/** Key and certificate go into new files: until the profile names them, the old ones are valid. */
async function replaceCredentials(
  home: MemberHome,
  ca: CertificateAuthority,
  { certificatePem, privateKeyPem }: Credentials,
  serial: string,
): Promise<void> {
  const certificate = { path: `certificate-${serial}.pem` };
  const privateKey = { path: `key-${serial}.pem` };
  writeAtomically(join(home.folder, certificate.path), certificatePem, 0o644);
  writeAtomically(join(home.folder, privateKey.path), privateKeyPem);
  const before = await changeProfile(home, { certificate, privateKey, ...authorityInProfile(ca) });
  for (const old of [before.certificate, before.privateKey])
    // Files outside the profile's folder belong to somebody else.
    if ('path' in old && basename(old.path) === old.path)
      rmSync(join(home.folder, old.path), { force: true });
}
