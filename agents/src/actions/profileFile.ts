import { readFileSync } from 'node:fs';
import { type Participant, profileSchema, writeProfile } from '@veritrain/client-sdk';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';
import { ask } from './submit.js';

/** Notes in the profile who this member is on the ledger. */
export async function rememberParticipant(member: Member, of: Participant): Promise<void> {
  const path = member.home.profilePath;
  const profile = profileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  await writeProfile(path, { ...profile, participantId: of.participantId, roles: [...of.roles] });
}

/** Who this member is on the ledger. @throws AgentsError NOT_REGISTERED */
export async function requireParticipant(member: Member, context: ActionContext): Promise<Participant> {
  const { participant } = await ask(member, 'WhoAmI', {}, context);
  if (participant !== null) return participant;
  throw new AgentsError('VT9103', 'This identity is no participant of the market yet.', {
    facts: { profile: member.market.profile.name },
  });
}
