import { type Participant, type Profile, writeProfile } from '@veritrain/client-sdk';
import { profileSchema } from '@veritrain/client-sdk/schemas';
import { type ActionContext, ask } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { MemberHome } from '../home/memberHome.js';
import { parseUserJson, readUserFile } from '../home/userInput.js';
import type { Member } from './member.js';

/** A profile as written, with its paths unresolved. @throws FILE_MISSING, FILE_INVALID */
export const readProfileFile = ({ profilePath }: MemberHome): Profile =>
  parseUserJson(readUserFile(profilePath, 'profile'), profileSchema, profilePath, 'profile');

/** Replaces some fields of a profile, atomically. @returns the profile before */
export async function changeProfile(home: MemberHome, changes: Partial<Profile>): Promise<Profile> {
  const before = readProfileFile(home);
  await writeProfile(home.profilePath, { ...before, ...changes });
  return before;
}

/** Who this member is on the ledger. @throws NOT_REGISTERED */
export async function requireParticipant(member: Member, context: ActionContext): Promise<Participant> {
  const { participant } = await ask(member, 'WhoAmI', {}, context);
  if (participant !== null) return participant;
  throw memberError('VT9103', 'This identity is not registered with the market yet.', {
    facts: { profile: member.market.profile.name },
  });
}
