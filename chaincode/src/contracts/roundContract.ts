import { Context, Contract, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../ledger/execute.js';
import { reportUnavailable, revealUpdate, submitUpdate } from './round/answer.js';
import { expireRound, openRound, startRound } from './round/openStart.js';
import { getJob, getRound, listJobs, listRounds } from './round/queries.js';
import { closeRound, tallyRound } from './round/settle.js';

/** Rounds, the hosts’ answers in them, and what becomes of each subset. */
export class RoundContract extends Contract {
  constructor() {
    super('RoundContract');
  }

  @Transaction()
  @Returns('string')
  OpenRound(context: Context, argument: string): Promise<string> {
    return execute(context, 'OpenRound', argument, openRound);
  }

  @Transaction()
  @Returns('string')
  StartRound(context: Context, argument: string): Promise<string> {
    return execute(context, 'StartRound', argument, startRound);
  }

  @Transaction()
  @Returns('string')
  SubmitUpdate(context: Context, argument: string): Promise<string> {
    return execute(context, 'SubmitUpdate', argument, submitUpdate);
  }

  @Transaction()
  @Returns('string')
  ReportUnavailable(context: Context, argument: string): Promise<string> {
    return execute(context, 'ReportUnavailable', argument, reportUnavailable);
  }

  @Transaction()
  @Returns('string')
  CloseRound(context: Context, argument: string): Promise<string> {
    return execute(context, 'CloseRound', argument, closeRound);
  }

  @Transaction()
  @Returns('string')
  RevealUpdate(context: Context, argument: string): Promise<string> {
    return execute(context, 'RevealUpdate', argument, revealUpdate);
  }

  @Transaction()
  @Returns('string')
  TallyRound(context: Context, argument: string): Promise<string> {
    return execute(context, 'TallyRound', argument, tallyRound);
  }

  @Transaction()
  @Returns('string')
  ExpireRound(context: Context, argument: string): Promise<string> {
    return execute(context, 'ExpireRound', argument, expireRound);
  }

  @Transaction(false)
  @Returns('string')
  GetRound(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetRound', argument, getRound);
  }

  @Transaction(false)
  @Returns('string')
  ListRounds(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListRounds', argument, listRounds);
  }

  @Transaction(false)
  @Returns('string')
  GetJob(context: Context, argument: string): Promise<string> {
    return execute(context, 'GetJob', argument, getJob);
  }

  @Transaction(false)
  @Returns('string')
  ListJobs(context: Context, argument: string): Promise<string> {
    return execute(context, 'ListJobs', argument, listJobs);
  }
}
