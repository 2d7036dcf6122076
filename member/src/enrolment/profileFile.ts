import { type Participant, type Profile, writeProfile } from '@veritrain/client-sdk';
import { profileSchema } from '@veritrain/client-sdk/schemas';
import { memberError } from '../errors/memberError.js';
import type { MemberHome } from '../home/memberHome.js';
import type { CertificateAuthority } from './connectionProfile.js';
import type { ActionContext } from '../calls/context.js';
import { parseUserJson, readUserFile } from '../home/files.js';
import type { Member } from '../profile/member.js';
import { ask } from '../calls/submit.js';

/** A profile as it is written, with the paths that it names. @throws FILE_MISSING, FILE_INVALID */
export const readProfileFile = ({ profilePath }: MemberHome): Profile =>
  parseUserJson(readUserFile(profilePath, 'profile'), profileSchema, profilePath, 'profile');

/** Writes a profile with some fields changed, in one step. @returns it as it was before */
export async function changeProfile(home: MemberHome, changes: Partial<Profile>): Promise<Profile> {
  const before = readProfileFile(home);
  await writeProfile(home.profilePath, { ...before, ...changes });
  return before;
}

/** How a profile writes down its CA. */
export const authorityInProfile = ({
  url,
  name,
  tlsRootPem,
}: CertificateAuthority): Pick<Profile, 'certificateAuthority'> => ({
  certificateAuthority: {
    url,
    ...(name === undefined ? {} : { name }),
    ...(tlsRootPem === undefined ? {} : { tlsRootCertificate: { pem: tlsRootPem } }),
  },
});

/** Notes in the profile who this member is on the ledger. */
export async function rememberParticipant({ home }: Member, of: Participant): Promise<void> {
  await changeProfile(home, { participantId: of.participantId, roles: [...of.roles] });
}

/** Who this member is on the ledger. @throws NOT_REGISTERED */
export async function requireParticipant(member: Member, context: ActionContext): Promise<Participant> {
  const { participant } = await ask(member, 'WhoAmI', {}, context);
  if (participant !== null) return participant;
  throw memberError('VT9103', 'This identity is no participant of the market yet.', {
    facts: { profile: member.market.profile.name },
  });
}
