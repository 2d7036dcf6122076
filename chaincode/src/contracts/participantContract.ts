import { Context, Contract, Returns, Transaction } from 'fabric-contract-api';
import { records } from '../ledger/collections.js';
import { execute } from '../ledger/execute.js';
import { listEvidence, listParticipants, registerParticipant, whoAmI } from './participant/register.js';

/** Members and what the verdicts say of them. */
export class ParticipantContract extends Contract {
  constructor() {
    super('ParticipantContract');
  }

  @Transaction()
  @Returns('string')
  RegisterParticipant(context: Context, argument: string): Promise<string> {
    return execute(context, 'RegisterParticipant', argument, registerParticipant);
  }

  @Transaction(false)
  @Returns('string')
  WhoAmI(context: Context, argument: string): Promise<string> {
    return execute(context, 'WhoAmI', argument, whoAmI);
  }

  @Transaction(false)
  @Returns('string')
  GetParticipant(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetParticipant', argument, (tx, { participantId }) =>
      tx.find(records.participant, 'participant', participantId),
    );
  }

  @Transaction(false)
  @Returns('string')
  ListParticipants(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListParticipants', argument, listParticipants);
  }

  @Transaction(false)
  @Returns('string')
  ListEvidence(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListEvidence', argument, listEvidence);
  }
}
