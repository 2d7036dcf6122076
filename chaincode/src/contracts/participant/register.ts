import {
  ContractError,
  participantIdOf,
  type ConductRecord,
  type ParsedInputOf,
  type Participant,
  type WhoAmI,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { indexes, records } from '../../ledger/collections.js';
import { listByIndex, listRecords } from '../../ledger/lists.js';
import type { Page } from '../../ledger/overlay.js';
import type { Transaction } from '../../ledger/transaction.js';

export async function registerParticipant(
  tx: Transaction,
  input: ParsedInputOf<'RegisterParticipant'>,
): Promise<Participant> {
  const { participantId } = input;
  if (participantId !== participantIdOf(input))
    throw new ContractError('ID_NOT_OF_KEYS', 'The id belongs to other keys.', { participantId });
  const { identity } = tx.caller;
  const existing = await tx.ledger.get(records.participant, participantId);
  if (existing !== null) {
    if (existing.identity === identity && holds(existing, input)) return existing;
    throw new ContractError('CONFLICT', 'Another participant has this id.', { participantId });
  }
  await requireFresh(tx);
  await tx.requireCertified(input.roles);
  const participant: Participant = { ...input, identity, transactionId: tx.id };
  tx.ledger.put(records.participant, [participantId], participant);
  tx.ledger.put(records.identity, [identity], { participantId });
  for (const role of input.roles)
    tx.ledger.put(indexes.participantByRole, [role, participantId], [participantId]);
  tx.emit({ type: 'ParticipantRegistered', participantId, roles: input.roles });
  return participant;
}

async function requireFresh(tx: Transaction): Promise<void> {
  const row = await tx.ledger.get(records.identity, tx.caller.identity);
  if (row !== null)
    throw new ContractError('IDENTITY_TAKEN', 'The identity is already a participant.', { ...row });
}

export async function whoAmI(tx: Transaction): Promise<WhoAmI> {
  const { mspId, identity, certifiedRoles } = tx.caller;
  const row = await tx.ledger.get(records.identity, identity);
  const participant = row && (await tx.ledger.get(records.participant, row.participantId));
  return {
    mspId,
    identity,
    administrator: tx.caller.isAdministrator(),
    certifiedRoles: certifiedRoles && [...certifiedRoles],
    participant,
  };
}

export const listParticipants = (
  tx: Transaction,
  input: ParsedInputOf<'ListParticipants'>,
): Promise<Page<Participant>> =>
  input.role === undefined
    ? listRecords(tx, records.participant, [], input)
    : listByIndex(tx, indexes.participantByRole, [input.role], records.participant, input);

export async function listConduct(
  tx: Transaction,
  input: ParsedInputOf<'ListConduct'>,
): Promise<Page<ConductRecord>> {
  await tx.find(records.participant, 'participant', input.participantId);
  const of = input.coupleId === undefined ? [] : [input.coupleId];
  return listRecords(tx, records.conduct, [input.participantId, ...of], input);
}
