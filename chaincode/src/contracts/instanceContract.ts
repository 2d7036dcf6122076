import { Context, Contract, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../ledger/execute.js';
import { findSlot, joinInstance } from './instance/join.js';
import { expireJoin, leaveInstance } from './instance/leave.js';
import { listInstances, waitingForJoins } from './instance/queries.js';
import { verifyInstances } from './instance/verify.js';

/** Replica slots and the hosts that hold them. */
export class InstanceContract extends Contract {
  constructor() {
    super('InstanceContract');
  }

  @Transaction()
  @Returns('string')
  JoinInstance(context: Context, argument: string): Promise<string> {
    return execute(context, 'JoinInstance', argument, joinInstance);
  }

  @Transaction()
  @Returns('string')
  VerifyInstances(context: Context, argument: string): Promise<string> {
    return execute(context, 'VerifyInstances', argument, verifyInstances);
  }

  @Transaction()
  @Returns('string')
  ExpireJoin(context: Context, argument: string): Promise<string> {
    return execute(context, 'ExpireJoin', argument, expireJoin);
  }

  @Transaction()
  @Returns('string')
  LeaveInstance(context: Context, argument: string): Promise<string> {
    return execute(context, 'LeaveInstance', argument, leaveInstance);
  }

  @Transaction(false)
  @Returns('string')
  GetInstance(context: Context, argument: string): Promise<string> {
    return execute(
      context,
      'GetInstance',
      argument,
      async (tx, { instanceId }) => (await findSlot(tx, instanceId)).instance,
    );
  }

  @Transaction(false)
  @Returns('string')
  ListInstances(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListInstances', argument, listInstances);
  }

  @Transaction(false)
  @Returns('string')
  WaitingForJoins(context: Context, argument: string): Promise<string> {
    return execute(context, 'WaitingForJoins', argument, waitingForJoins);
  }
}
