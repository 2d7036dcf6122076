import type { Participant, Role } from '@veritrain/client-sdk';
import { participantIdOf } from '@veritrain/client-sdk/keys';
import { type ActionContext, ask, submit, type Write } from '../calls/action.js';
import { memberError } from '../errors/memberError.js';
import type { Member } from '../profile/member.js';
import { changeProfile } from '../profile/profileFile.js';

/** What `registerParticipant` needs beside the member. */
export interface RegisterParticipantInput {
  /** At least one. They never change. */
  roles: Role[];
}

/** A member after its registration. */
export interface RegisteredParticipant {
  /** The participant, as the ledger has it. */
  participant: Participant;
  /** The transaction that was submitted; none if the member was registered before. */
  writes: Write[];
}

/**
 * Registers this identity with roles and the keyring's public keys, under the id derived from these keys, and notes the id
 * in the profile. A repeated call finds the same participant.
 *
 * @throws ALREADY_REGISTERED with other roles, or with another keyring; refusals of RegisterParticipant
 */
export async function registerParticipant(
  member: Member,
  { roles }: RegisterParticipantInput,
  context: ActionContext,
): Promise<RegisteredParticipant> {
  const { signingKey, encryptionKey } = member.market.keyring;
  const participantId = participantIdOf(member.market.keyring);
  const known = (await ask(member, 'WhoAmI', {}, context)).participant;
  if (known !== null) {
    refuseOther(known, { participantId, roles });
    await rememberParticipant(member, known);
    return { participant: known, writes: [] };
  }
  const { result, write } = await submit(
    member,
    'RegisterParticipant',
    { participantId, roles, signingKey, encryptionKey },
    context,
  );
  await rememberParticipant(member, result);
  return { participant: result, writes: [write] };
}

function refuseOther(
  known: Participant,
  { participantId, roles }: { participantId: string; roles: readonly Role[] },
): void {
  const facts = { participantId: known.participantId };
  if (known.participantId !== participantId) {
    const said = `This identity is already ${known.participantId}, which is not the participant of this keyring.`;
    throw memberError('VT9106', said, { facts });
  }
  if (known.roles.length === roles.length && roles.every((role) => known.roles.includes(role))) return;
  const said = `This identity is already ${known.participantId}, as ${known.roles.join(', ')}.`;
  throw memberError('VT9106', said, { facts });
}

async function rememberParticipant({ home }: Member, of: Participant): Promise<void> {
  await changeProfile(home, { participantId: of.participantId, roles: [...of.roles] });
}
