import { Context, Contract, Returns, Transaction } from 'fabric-contract-api';
import { records } from '../ledger/collections.js';
import { execute } from '../ledger/execute.js';
import { approveTraining, rejectTraining } from './couple/answer.js';
import { cancelTraining, finishTraining, releaseRounds } from './couple/end.js';
import { getCoupleHistory } from './couple/history.js';
import { listCouples } from './couple/list.js';
import { requestTraining } from './couple/request.js';
import { waitingFor } from './couple/waitingFor.js';

/** The agreement to train one model on one dataset. */
export class CoupleContract extends Contract {
  constructor() {
    super('CoupleContract');
  }

  @Transaction()
  @Returns('string')
  RequestTraining(context: Context, argument: string): Promise<string> {
    return execute(context, 'RequestTraining', argument, requestTraining);
  }

  @Transaction()
  @Returns('string')
  ApproveTraining(context: Context, argument: string): Promise<string> {
    return execute(context, 'ApproveTraining', argument, approveTraining);
  }

  @Transaction()
  @Returns('string')
  RejectTraining(context: Context, argument: string): Promise<string> {
    return execute(context, 'RejectTraining', argument, rejectTraining);
  }

  @Transaction()
  @Returns('string')
  FinishTraining(context: Context, argument: string): Promise<string> {
    return execute(context, 'FinishTraining', argument, finishTraining);
  }

  @Transaction()
  @Returns('string')
  CancelTraining(context: Context, argument: string): Promise<string> {
    return execute(context, 'CancelTraining', argument, cancelTraining);
  }

  @Transaction()
  @Returns('string')
  ReleaseRounds(context: Context, argument: string): Promise<string> {
    return execute(context, 'ReleaseRounds', argument, releaseRounds);
  }

  @Transaction(false)
  @Returns('string')
  GetCouple(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetCouple', argument, (tx, { coupleId }) =>
      tx.find(records.couple, 'couple', coupleId),
    );
  }

  @Transaction(false)
  @Returns('string')
  ListCouples(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListCouples', argument, listCouples);
  }

  @Transaction(false)
  @Returns('string')
  GetCoupleHistory(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetCoupleHistory', argument, getCoupleHistory);
  }

  @Transaction(false)
  @Returns('string')
  WaitingFor(context: Context, argument: string): Promise<string> {
    return execute(context, 'WaitingFor', argument, waitingFor);
  }
}
