import { newId, type Participant, type Role } from '@veritrain/client-sdk';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';
import { rememberParticipant } from './profileFile.js';
import { ask, submit, type Write } from './submit.js';

export interface RegisterParticipantInput {
  roles: Role[];
  /** Default: a fresh one, or the one this identity has. */
  participantId?: string | undefined;
}

/**
 * Binds a pseudonym to this identity with roles and public keys, and notes it in the profile. Called again it
 * finds the same participant.
 */
export async function registerParticipant(
  member: Member,
  { roles, participantId }: RegisterParticipantInput,
  context: ActionContext,
): Promise<{ participant: Participant; writes: Write[] }> {
  const known = (await ask(member, 'WhoAmI', {}, context)).participant;
  if (known !== null) refuseOther(known, roles);
  const { signingKey, encryptionKey } = member.market.keyring;
  const id = participantId ?? known?.participantId ?? newId('pt');
  const { result, write } = await submit(
    member,
    'RegisterParticipant',
    { participantId: id, roles, signingKey, encryptionKey },
    context,
  );
  await rememberParticipant(member, result);
  return { participant: result, writes: [write] };
}

function refuseOther({ participantId, roles }: Participant, wanted: readonly Role[]): void {
  if (roles.length === wanted.length && wanted.every((role) => roles.includes(role))) return;
  throw new AgentsError('VT9106', `This identity is ${participantId} already, as ${roles.join(', ')}.`, {
    facts: { participantId },
  });
}
